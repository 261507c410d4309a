//! Walks the matches of a query: the best documents collapsed to one per group, and how many groups there are.
//!
//! The best are found with pruning (documents that cannot reach the page are skipped), so the number of groups is counted apart and
//! only up to a cap. Documents outside the allowed groups are seen by neither.

use rustc_hash::{FxHashMap, FxHashSet};

use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::{DocAddress, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED};

use crate::Result;
use crate::document::{AT, GROUP, KEY, KIND};

/// The most that being new can add to a score.
const FRESHNESS: Score = 0.1;
/// The age at which half of it is gone, in microseconds (90 days).
const FRESHNESS_HALF_LIFE: f32 = 90.0 * 86_400.0 * 1e6;

/// The best document of a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Best {
    pub(crate) group: u64,
    pub(crate) key: u64,
    pub(crate) kind: u8,
    pub(crate) at: i64,
    pub(crate) score: Score,
    pub(crate) address: DocAddress,
}

impl Best {
    /// Higher score first, then the newer, then the greater key: an order that does not depend on how the index is cut up.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        other.score.total_cmp(&self.score).then(other.at.cmp(&self.at)).then(other.key.cmp(&self.key))
    }
}

/// What may be seen, and since when "new" is counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate {
    pub(crate) only: Option<FxHashSet<u64>>,
    pub(crate) now: i64,
}

/// The columns of one segment that collecting reads.
struct Columns {
    key: Column<u64>,
    group: Column<u64>,
    kind: Column<u64>,
    at: Column<i64>,
}

impl Columns {
    fn open(segment: &SegmentReader) -> Result<Self> {
        let fast = segment.fast_fields();
        Ok(Self { key: fast.u64(KEY)?, group: fast.u64(GROUP)?, kind: fast.u64(KIND)?, at: fast.i64(AT)? })
    }

    fn allowed(&self, doc: DocId, segment: &SegmentReader, gate: &Gate) -> bool {
        segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc))
            && gate.only.as_ref().is_none_or(|only| only.contains(&self.group(doc)))
    }

    fn group(&self, doc: DocId) -> u64 {
        self.group.first(doc).unwrap_or_default()
    }
}

/// The best `limit` groups of a query's matches, best first.
pub(crate) fn best_groups(searcher: &Searcher, query: &dyn Query, gate: &Gate, limit: usize) -> Result<Vec<Best>> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let weight = query.weight(EnableScoring::enabled_from_searcher(searcher))?;
    let mut top = Top { limit, groups: FxHashMap::default(), floor: Score::MIN };
    for (ord, segment) in (0..).zip(searcher.segment_readers()) {
        let columns = Columns::open(segment)?;
        weight.for_each_pruning(top.floor, segment, &mut |doc, score| {
            if columns.allowed(doc, segment, gate) {
                top.offer(doc, ord, score, &columns, gate.now);
            }
            top.floor
        })?;
    }
    Ok(top.finish())
}

/// The distinct groups of a query's matches, at most `cap` of them.
pub(crate) fn groups(searcher: &Searcher, query: &dyn Query, gate: &Gate, cap: usize) -> Result<FxHashSet<u64>> {
    let weight: Box<dyn Weight> = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut groups = FxHashSet::default();
    for segment in searcher.segment_readers() {
        let columns = Columns::open(segment)?;
        let mut matches = weight.scorer(segment, 1.0)?;
        let mut doc = matches.doc();
        while doc != TERMINATED && groups.len() < cap {
            if columns.allowed(doc, segment, gate) {
                groups.insert(columns.group(doc));
            }
            doc = matches.advance();
        }
    }
    Ok(groups)
}

/// The best groups so far; `floor` is a score below which nothing can enter any more.
struct Top {
    limit: usize,
    groups: FxHashMap<u64, Best>,
    floor: Score,
}

impl Top {
    fn offer(&mut self, doc: DocId, segment_ord: u32, score: Score, columns: &Columns, now: i64) {
        let at = columns.at.first(doc).unwrap_or_default();
        let candidate = Best {
            group: columns.group(doc),
            key: columns.key.first(doc).unwrap_or_default(),
            kind: columns.kind.first(doc).and_then(|kind| u8::try_from(kind).ok()).unwrap_or_default(),
            at,
            score: score * (1.0 + freshness(at, now)),
            address: DocAddress::new(segment_ord, doc),
        };
        let best = self.groups.entry(candidate.group).or_insert(candidate);
        if candidate.order(best).is_lt() {
            *best = candidate;
        }
        if self.groups.len() >= 2 * self.limit.max(32) {
            self.prune();
        }
    }

    /// Keeps the best `limit` and raises the floor. The floor is compared with scores before freshness, so it allows for all of it.
    fn prune(&mut self) {
        let mut all: Vec<Best> = self.groups.values().copied().collect();
        let (_, last, _) = all.select_nth_unstable_by(self.limit - 1, Best::order);
        self.floor = last.score / (1.0 + FRESHNESS) * 0.999;
        all.truncate(self.limit);
        self.groups = all.into_iter().map(|best| (best.group, best)).collect();
    }

    fn finish(self) -> Vec<Best> {
        let mut all: Vec<Best> = self.groups.into_values().collect();
        all.sort_unstable_by(Best::order);
        all.truncate(self.limit);
        all
    }
}

fn freshness(at: i64, now: i64) -> Score {
    let age = now.saturating_sub(at).max(0) as f32;
    FRESHNESS * (-age / FRESHNESS_HALF_LIFE).exp2()
}
