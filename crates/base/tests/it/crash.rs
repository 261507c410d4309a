//! The machine's worst moment, played with kill -9: what was acknowledged is there afterwards.
//!
//! The test starts its own binary as a child that writes as fast as it can and prints every acknowledged number, kills it
//! at a random moment, and looks. (The page cache survives a kill; losing power is another matter.)

use super::transactions::{make_tally, put};
use opora_base::{Config, Error, Store};
use rand::Rng;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

const ROUNDS: i64 = 40;
const CALLERS: i64 = 16;
const FILE: &str = "OPORA_TEST_CRASH_FILE";
const ROUND: &str = "OPORA_TEST_CRASH_ROUND";

/// The child: only does something when the test below started it.
#[test]
fn the_one_that_is_killed() {
    let (Ok(file), Ok(round)) = (std::env::var(FILE), std::env::var(ROUND)) else { return };
    let round: i64 = round.parse().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(Config { readers: 1, ..Config::sqlite(&file) }).unwrap();
        let callers = (0..CALLERS).map(|caller| {
            let store = store.clone();
            tokio::spawn(async move {
                for n in 0.. {
                    let id = (round * CALLERS + caller) * 1_000_000 + n;
                    let written = store.write(move |tx| {
                        put(tx, id, n)?;
                        match n % 10 {
                            3 => Err(Error::Denied),
                            7 => panic!("now and then"),
                            _ => Ok(()),
                        }
                    });
                    if written.await.is_ok() {
                        // One write call for one line, so a kill cannot tear it.
                        std::io::stderr().write_all(format!("ack {id}\n").as_bytes()).unwrap();
                    }
                }
            })
        });
        futures::future::join_all(callers.collect::<Vec<_>>()).await;
    });
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("opora.db");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(Config::sqlite(&file)).unwrap();
        make_tally(&store).await;
        store.close().await;
    });
    let mut acknowledged = HashSet::new();
    for round in 0..ROUNDS {
        acknowledged.extend(one_round(&file, round));
    }
    let (stored, integrity) = runtime.block_on(async {
        let store = Store::open(Config::sqlite(&file)).unwrap();
        let stored: Vec<i64> = store.get(|tx| tx.query("SELECT id FROM tally", &[])).await.unwrap();
        let integrity: String =
            store.get(|tx| tx.one("SELECT integrity_check FROM pragma_integrity_check", &[])).await.unwrap();
        store.close().await;
        (stored.into_iter().collect::<HashSet<_>>(), integrity)
    });
    assert_eq!(integrity, "ok");
    let lost: Vec<_> = acknowledged.difference(&stored).take(5).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert!(stored.iter().all(|id| !matches!(id % 1_000_000 % 10, 3 | 7)), "a refused or panicked closure is there");
    assert!(acknowledged.len() as i64 > ROUNDS * CALLERS, "too few writes to mean anything: {}", acknowledged.len());
    println!("{} acknowledged, 0 lost, {} committed in all", acknowledged.len(), stored.len());
}

/// Lets a child write for a moment, kills it, and answers what it had acknowledged.
fn one_round(file: &Path, round: i64) -> Vec<i64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["crash::the_one_that_is_killed", "--exact", "--nocapture"])
        .env(FILE, file)
        .env(ROUND, round.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(|line| line.unwrap());
    let number = |line: String| line.strip_prefix("ack ").and_then(|id| id.parse::<i64>().ok());
    let enough = rand::rng().random_range(20..400);
    let mut acknowledged: Vec<i64> = lines.by_ref().filter_map(number).take(enough).collect();
    child.kill().unwrap();
    acknowledged.extend(lines.filter_map(number));
    child.wait().unwrap();
    acknowledged
}
