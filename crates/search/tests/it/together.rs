//! Searching while writing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use opora_search::{Index, Query};
use tempfile::tempdir;

use crate::{found, message};

#[test]
fn searches_see_whole_commits_while_others_are_being_written() {
    const PER_COMMIT: u64 = 20;
    let dir = tempdir().unwrap();
    let index = Index::open(dir.path()).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let searchers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let (mut before, mut searches) = (0, 0);
                    while !done.load(Ordering::Relaxed) || searches == 0 {
                        let hits = index.search(&Query { limit: 1_000, ..Query::new("посылки") }).unwrap();
                        assert_eq!(hits.total_groups as u64 % PER_COMMIT, 0);
                        assert_eq!(hits.items.len(), hits.total_groups);
                        assert!(hits.total_groups >= before);
                        before = hits.total_groups;
                        searches += 1;
                    }
                })
            })
            .collect();
        for commit in 0..30 {
            let keys = commit * PER_COMMIT..(commit + 1) * PER_COMMIT;
            index.put(&keys.map(|key| message(key + 1, "посылка")).collect::<Vec<_>>()).unwrap();
            index.commit(&commit.to_string()).unwrap();
        }
        done.store(true, Ordering::Relaxed);
        searchers.into_iter().for_each(|searcher| searcher.join().unwrap());
    });
    assert_eq!(index.len(), 600);
}

#[test]
fn a_committed_message_is_found_by_the_very_next_search() {
    let index = Index::in_memory().unwrap();
    for key in 1..=20 {
        index.put(&[message(key, &format!("слово{key}"))]).unwrap();
        index.commit(&key.to_string()).unwrap();
        assert_eq!(found(&index, &format!("слово{key}")), [key]);
    }
}

#[test]
fn writers_from_several_threads_take_turns() {
    let index = Index::in_memory().unwrap();
    thread::scope(|scope| {
        for writer in 0..4 {
            let index = index.clone();
            scope.spawn(move || {
                for i in 0..25 {
                    index.put(&[message(writer * 1_000 + i, "посылка")]).unwrap();
                    if i % 5 == 0 {
                        index.commit("x").unwrap();
                    }
                }
            });
        }
    });
    index.commit("y").unwrap();
    assert_eq!(index.len(), 100);
}
