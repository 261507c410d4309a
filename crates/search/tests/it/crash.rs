//! A writer killed at any moment leaves a whole index: the documents of some commit, and that commit's cursor.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use opora_search::Index;
use tempfile::tempdir;

use crate::{found, message};

const WRITER_DIR: &str = "OPORA_SEARCH_TEST_WRITER_DIR";
const ROUNDS: u64 = 8;
/// The longest that the writer runs if nobody kills it.
const MOST_COMMITS: u64 = 2_000;

/// Commits document after document, the n-th with the cursor n, and says so each time.
fn write_until_killed(dir: &Path) {
    let index = Index::open(dir).unwrap();
    for key in index.len() + 1..=MOST_COMMITS {
        index.put(&[message(key, &format!("посылка номер n{key}"))]).unwrap();
        index.commit(&key.to_string()).unwrap();
        println!("\ncommitted {key}");
    }
}

#[test]
fn a_writer_killed_in_the_middle_loses_nothing_it_had_committed() {
    if let Some(dir) = std::env::var_os(WRITER_DIR) {
        return write_until_killed(Path::new(&dir));
    }
    let dir = tempdir().unwrap();
    let mut written = 0;
    for round in 1..=ROUNDS {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["crash::a_writer_killed_in_the_middle_loses_nothing_it_had_committed", "--exact", "--nocapture"])
            .env(WRITER_DIR, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(writer.stdout.take().unwrap()).lines().map_while(Result::ok);
        let committed = said.filter_map(|line| line.strip_prefix("committed ").map(str::to_owned)).take(round as usize);
        let last: u64 = committed.last().unwrap().parse().unwrap();
        writer.kill().unwrap();
        writer.wait().unwrap();

        let index = Index::open(dir.path()).unwrap();
        let cursor: u64 = index.cursor().unwrap().parse().unwrap();
        assert!(cursor >= last, "round {round}: {last} was committed, {cursor} is there");
        assert_eq!(index.len(), cursor, "round {round}: as many documents as the cursor says");
        assert_eq!(found(&index, &format!("n{last}")), [last]);
        assert!(cursor >= written);
        written = cursor;
    }
}
