//! What a folder keeps, and what happens to one that cannot be used.

use std::fs;
use std::path::Path;

use opora_search::{Error, Index};
use tempfile::tempdir;

use crate::{found, message};

fn fill(dir: &Path) {
    let index = Index::open(dir).unwrap();
    index.put(&[message(1, "посылка")]).unwrap();
    index.commit("event 17").unwrap();
}

#[test]
fn documents_and_cursor_survive_a_restart() {
    let dir = tempdir().unwrap();
    fill(dir.path());
    let index = Index::open(dir.path()).unwrap();
    assert_eq!(index.cursor().as_deref(), Some("event 17"));
    assert!(!index.is_fresh());
    assert_eq!(found(&index, "посылка"), [1]);
    index.put(&[message(1, "возврат")]).unwrap();
    index.commit("event 18").unwrap();
    assert_eq!((found(&index, "посылка"), found(&index, "возврат")), (vec![], vec![1]));
}

#[test]
fn a_commit_of_nothing_still_keeps_its_cursor() {
    let dir = tempdir().unwrap();
    fill(dir.path());
    Index::open(dir.path()).unwrap().commit("event 99").unwrap();
    assert_eq!(Index::open(dir.path()).unwrap().cursor().as_deref(), Some("event 99"));
}

#[test]
fn what_was_not_committed_is_not_there() {
    let dir = tempdir().unwrap();
    fill(dir.path());
    let index = Index::open(dir.path()).unwrap();
    index.put(&[message(2, "возврат")]).unwrap();
    assert_eq!(found(&index, "возврат"), [] as [u64; 0]);
    drop(index);
    let index = Index::open(dir.path()).unwrap();
    assert_eq!((index.len(), index.cursor().as_deref()), (1, Some("event 17")));
}

#[test]
fn a_new_and_a_cleared_index_are_fresh() {
    let dir = tempdir().unwrap();
    assert!(Index::open(dir.path()).unwrap().is_fresh());
    fill(dir.path());
    Index::open(dir.path()).unwrap().clear().unwrap();
    let index = Index::open(dir.path()).unwrap();
    assert!(index.is_fresh() && index.is_empty());
}

#[test]
fn an_index_of_another_version_is_emptied() {
    let dir = tempdir().unwrap();
    fill(dir.path());
    fs::write(dir.path().join("version"), "0").unwrap();
    let index = Index::open(dir.path()).unwrap();
    assert!(index.is_fresh() && index.is_empty());
}

#[test]
fn a_damaged_index_is_set_aside_and_an_empty_one_takes_its_place() {
    let dir = tempdir().unwrap();
    for round in 0..2 {
        fill(dir.path());
        fs::write(dir.path().join("index/meta.json"), "{").unwrap();
        let index = Index::open(dir.path()).unwrap();
        assert!(index.is_fresh() && index.is_empty(), "round {round}");
        assert!(dir.path().join("index.damaged").exists());
    }
    fill(dir.path());
}

#[test]
fn an_index_with_a_missing_file_is_set_aside_too() {
    let dir = tempdir().unwrap();
    fill(dir.path());
    for file in fs::read_dir(dir.path().join("index")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "idx" || extension == "store") {
            fs::remove_file(path).unwrap();
        }
    }
    assert!(Index::open(dir.path()).unwrap().is_fresh());
}

#[test]
fn a_second_writer_is_told_so_and_can_still_search() {
    let dir = tempdir().unwrap();
    fill(dir.path());
    let first = Index::open(dir.path()).unwrap();
    first.put(&[message(2, "возврат")]).unwrap();
    let second = Index::open(dir.path()).unwrap();
    assert!(matches!(second.put(&[message(3, "x")]), Err(Error::Busy)));
    assert_eq!(found(&second, "посылка"), [1]);

    first.commit("event 18").unwrap();
    first.rest().unwrap();
    second.put(&[message(3, "x")]).unwrap();
}

#[test]
fn a_rested_index_goes_on_where_it_was() {
    let dir = tempdir().unwrap();
    fill(dir.path());
    let index = Index::open(dir.path()).unwrap();
    index.put(&[message(2, "возврат")]).unwrap();
    index.commit("event 18").unwrap();
    index.rest().unwrap();
    index.put(&[message(3, "обмен")]).unwrap();
    index.commit("event 19").unwrap();
    assert_eq!((index.len(), index.cursor().as_deref()), (3, Some("event 19")));
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let dir = tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Index::open(&file).unwrap_err();
    assert!(matches!(error, Error::Folder { .. }), "{error}");
    assert!(error.to_string().contains("file"));
}
