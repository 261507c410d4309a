//! What is wrong with a roster, found before it happens: nobody there when somebody must be, one person in two places, people
//! who get no rest, people on duty who are away or have left. Pure: given a scene, answers its problems.
//!
//! Rest and nights are judged by where the person lives: a night in Moscow is a morning in Vladivostok [S3.2]. Night is 22:00
//! to 06:00 (Labour Code of the Russian Federation, art. 96). Being answerable for a class ("duty") is no work in this sense;
//! being at the desk ("shift") is.

use super::cover::Cover;
use super::span::{Span, joined, midnight, moment, without, zoned};
use super::{Kind, Rules};
use crate::{AgentId, QuestionClassId, ShiftId};
use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// So many minutes between 22:00 and 06:00 make a night.
const NIGHT: i64 = 180;

/// A shift as the checks see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its number; 0 for one that is not written yet.
    pub id: ShiftId,
    /// For which class.
    pub class: Option<QuestionClassId>,
    /// Who.
    pub agent: AgentId,
    /// At the desk, or answerable.
    pub kind: Kind,
    /// When.
    pub span: Span,
}

/// A person as the checks see them.
#[derive(Clone, Debug)]
pub struct Person {
    /// Where they live.
    pub zone: TimeZone,
    /// May still come in.
    pub active: bool,
}

/// A roster with everything it is judged by.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// The shifts: those of the range, and two weeks before it.
    pub pieces: Vec<Piece>,
    /// Who is away when.
    pub absences: Vec<(AgentId, Span)>,
    /// Everybody; whoever is missing has left.
    pub people: BTreeMap<AgentId, Person>,
    /// When somebody must be there: for a class, or (none) anybody at the desk for the department.
    pub needs: Vec<(Option<QuestionClassId>, Cover)>,
    /// How much is too much.
    pub rules: Rules,
}

/// What kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// Nobody is there, and somebody must be.
    Gap,
    /// One person is in two places.
    Overlap,
    /// On duty while away.
    Absent,
    /// On duty, and switched off.
    SwitchedOff,
    /// Too little rest between two shifts; `amount` in minutes.
    Rest,
    /// At the desk too long without a break; `amount` in minutes.
    Long,
    /// Too many nights in a row; `amount` nights.
    Nights,
    /// Too many hours in a week; `amount` in minutes.
    WeekHours,
    /// Two people where one is expected: no mistake, but shown.
    Doubled,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Must be solved.
    Bad,
    /// Should be looked at.
    Caution,
    /// Is said for completeness.
    Info,
}

/// Something wrong with the roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RosterProblem)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// How bad.
    pub severity: Severity,
    /// In which class, where it is about one.
    pub class_id: Option<QuestionClassId>,
    /// Whom it is about, where it is about one.
    pub agent_id: Option<AgentId>,
    /// Which shifts.
    pub shift_ids: Vec<ShiftId>,
    /// When.
    #[serde(flatten)]
    pub span: Span,
    /// How much it is: minutes or nights, by kind.
    pub amount: Option<i64>,
    /// How much would be right, in the same unit.
    pub limit: Option<i64>,
}

impl Problem {
    fn of(kind: ProblemKind, span: Span, pieces: &[Piece]) -> Problem {
        let severity = match kind {
            ProblemKind::Gap | ProblemKind::Overlap | ProblemKind::Absent | ProblemKind::SwitchedOff => Severity::Bad,
            ProblemKind::Doubled => Severity::Info,
            _ => Severity::Caution,
        };
        Problem {
            kind,
            severity,
            class_id: pieces.first().and_then(|piece| piece.class),
            agent_id: pieces.first().map(|piece| piece.agent),
            shift_ids: pieces.iter().map(|piece| piece.id).collect(),
            span,
            amount: None,
            limit: None,
        }
    }

    fn measured(mut self, amount: i64, limit: i64) -> Problem {
        (self.amount, self.limit) = (Some(amount), Some(limit));
        self
    }
}

/// Are these two of one person in each other's way? At the desk one sits once; for one class one is answerable once.
pub fn collide(a: &Piece, b: &Piece) -> bool {
    let same = a.kind == b.kind && (a.kind == Kind::Shift || a.class == b.class);
    a.agent == b.agent && a.id != b.id && same && a.span.meets(b.span)
}

/// Everything wrong within `range`, the earliest first.
pub fn problems(scene: &Scene, range: Span) -> Vec<Problem> {
    let mut found = gaps(scene, range);
    let mut pieces = scene.pieces.clone();
    pieces.sort_by_key(|piece| (piece.span, piece.id));
    for piece in &pieces {
        found.extend(not_there(scene, piece));
    }
    found.extend(pairs(&pieces));
    let mut at_desk: BTreeMap<AgentId, Vec<Piece>> = BTreeMap::new();
    for piece in pieces.iter().filter(|piece| piece.kind == Kind::Shift) {
        at_desk.entry(piece.agent).or_default().push(*piece);
    }
    for (agent, pieces) in &at_desk {
        let zone = scene.people.get(agent).map_or(TimeZone::UTC, |person| person.zone.clone());
        found.extend(tired(&scene.rules, &zone, pieces));
    }
    found.retain(|problem| problem.span.meets(range));
    found.sort_by_key(|problem| (problem.span.from, problem.severity, problem.kind, problem.agent_id));
    found
}

/// Will this person really be there for the whole of it, or for which parts?
fn really_there(scene: &Scene, piece: &Piece) -> Vec<Span> {
    if !scene.people.get(&piece.agent).is_some_and(|person| person.active) {
        return Vec::new();
    }
    let away = scene.absences.iter().filter(|(agent, _)| *agent == piece.agent).map(|(_, span)| *span).collect();
    without(vec![piece.span], away)
}

fn gaps(scene: &Scene, range: Span) -> Vec<Problem> {
    let mut found = Vec::new();
    for (class, cover) in &scene.needs {
        let fits = |piece: &&Piece| match class {
            Some(_) => piece.class == *class,
            None => piece.kind == Kind::Shift,
        };
        let there = scene.pieces.iter().filter(fits).flat_map(|piece| really_there(scene, piece)).collect();
        for span in without(cover.needed(range), there) {
            found.push(Problem { class_id: *class, ..Problem::of(ProblemKind::Gap, span, &[]) });
        }
    }
    found
}

fn not_there(scene: &Scene, piece: &Piece) -> Vec<Problem> {
    if !scene.people.get(&piece.agent).is_some_and(|person| person.active) {
        return vec![Problem::of(ProblemKind::SwitchedOff, piece.span, &[*piece])];
    }
    let away = scene.absences.iter().filter(|(agent, span)| *agent == piece.agent && span.meets(piece.span));
    away.map(|(_, span)| Problem::of(ProblemKind::Absent, span.common(piece.span), &[*piece])).collect()
}

/// What is wrong with two of them together. They are in the order of their beginning.
fn pairs(pieces: &[Piece]) -> Vec<Problem> {
    let mut found = Vec::new();
    for (i, a) in pieces.iter().enumerate() {
        for b in pieces[i + 1..].iter().take_while(|b| b.span.from < a.span.until) {
            let common = a.span.common(b.span);
            if collide(a, b) {
                found.push(Problem::of(ProblemKind::Overlap, common, &[*a, *b]));
            } else if a.agent != b.agent && a.kind == Kind::Duty && b.kind == Kind::Duty && a.class == b.class {
                found.push(Problem { agent_id: None, ..Problem::of(ProblemKind::Doubled, common, &[*a, *b]) });
            }
        }
    }
    found
}

/// A stretch at the desk without a break.
struct Stretch {
    span: Span,
    pieces: Vec<Piece>,
}

fn stretches(pieces: &[Piece]) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    for piece in pieces {
        match all.last_mut() {
            Some(last) if piece.span.from <= last.span.until => {
                last.span.until = last.span.until.max(piece.span.until);
                last.pieces.push(*piece);
            }
            _ => all.push(Stretch { span: piece.span, pieces: vec![*piece] }),
        }
    }
    all
}

fn tired(rules: &Rules, zone: &TimeZone, pieces: &[Piece]) -> Vec<Problem> {
    let stretches = stretches(pieces);
    let mut found = Vec::new();
    let rest = rules.rest_hours * 60;
    let longest = 24 * 60 - rest;
    for stretch in stretches.iter().filter(|stretch| stretch.span.minutes() > longest) {
        let long = Problem::of(ProblemKind::Long, stretch.span, &stretch.pieces);
        found.push(long.measured(stretch.span.minutes(), longest));
    }
    for pair in stretches.windows(2) {
        let between = Span::new(pair[0].span.until, pair[1].span.from);
        if between.minutes() < rest {
            let both = [pair[0].pieces.last(), pair[1].pieces.first()].map(|piece| piece.copied());
            let both: Vec<Piece> = both.into_iter().flatten().collect();
            // The place to look at is the second shift: it is the one to move.
            let span = Span::new(between.from, pair[1].span.until);
            found.push(Problem::of(ProblemKind::Rest, span, &both).measured(between.minutes(), rest));
        }
    }
    found.extend(nights(rules, zone, &stretches));
    found.extend(weeks(rules, zone, pieces));
    found
}

/// The evenings of the nights that this stretch takes.
fn nights_of(span: Span, zone: &TimeZone) -> Vec<Date> {
    let mut evenings = Vec::new();
    let mut day = zoned(span.from, zone).date().yesterday().unwrap_or(Date::MIN);
    let last = zoned(span.until, zone).date();
    while day <= last {
        let Ok(next) = day.tomorrow() else { break };
        if let (Some(from), Some(until)) = (moment(day, time(22, 0, 0, 0), zone), moment(next, time(6, 0, 0, 0), zone))
            && Span::new(from, until).common(span).minutes() >= NIGHT
        {
            evenings.push(day);
        }
        day = next;
    }
    evenings
}

fn nights(rules: &Rules, zone: &TimeZone, stretches: &[Stretch]) -> Vec<Problem> {
    let mut by_evening: BTreeMap<Date, Vec<Piece>> = BTreeMap::new();
    for stretch in stretches {
        for evening in nights_of(stretch.span, zone) {
            by_evening.entry(evening).or_default().extend(&stretch.pieces);
        }
    }
    let mut found = Vec::new();
    let mut run: Vec<(Date, Vec<Piece>)> = Vec::new();
    let mut judge = |run: &[(Date, Vec<Piece>)]| {
        let count = i64::try_from(run.len()).unwrap_or(i64::MAX);
        if count > rules.nights_in_row {
            let too_many = usize::try_from(rules.nights_in_row).unwrap_or(0);
            let mut pieces: Vec<Piece> = run[too_many..].iter().flat_map(|(_, pieces)| pieces.clone()).collect();
            pieces.dedup();
            let from = pieces.iter().map(|piece| piece.span.from).min().unwrap_or_default();
            let until = pieces.iter().map(|piece| piece.span.until).max().unwrap_or_default();
            let problem = Problem::of(ProblemKind::Nights, Span::new(from, until), &pieces);
            found.push(problem.measured(count, rules.nights_in_row));
        }
    };
    for (evening, pieces) in by_evening {
        if run.last().is_some_and(|(last, _)| last.tomorrow().ok() != Some(evening)) {
            judge(&run);
            run.clear();
        }
        run.push((evening, pieces));
    }
    judge(&run);
    found
}

fn weeks(rules: &Rules, zone: &TimeZone, pieces: &[Piece]) -> Vec<Problem> {
    let limit = rules.hours_a_week * 60;
    let work = joined(pieces.iter().map(|piece| piece.span).collect());
    let mut found = Vec::new();
    let Some((first, last)) = work.first().zip(work.last()) else { return found };
    let date = zoned(first.from, zone).date();
    let back = i64::from(date.weekday().to_monday_zero_offset());
    let mut monday = date.checked_sub(jiff::Span::new().days(back)).unwrap_or(date);
    loop {
        let Ok(next) = monday.checked_add(jiff::Span::new().days(7)) else { break };
        let (Some(from), Some(until)) = (midnight(monday, zone), midnight(next, zone)) else { break };
        if from >= last.until {
            break;
        }
        let week = Span::new(from, until);
        let minutes: i64 = work.iter().map(|span| span.common(week).minutes()).sum();
        if minutes > limit {
            let those: Vec<Piece> = pieces.iter().filter(|piece| piece.span.meets(week)).copied().collect();
            found.push(Problem::of(ProblemKind::WeekHours, week, &those).measured(minutes, limit));
        }
        monday = next;
    }
    found
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
