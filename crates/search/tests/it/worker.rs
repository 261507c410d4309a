//! The worker's conversation.

use opora_search::worker;

fn conversation(lines: &[&str]) -> Vec<String> {
    let mut answers = Vec::new();
    worker(lines.join("\n").as_bytes(), &mut answers).unwrap();
    String::from_utf8(answers).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn documents_go_in_and_their_ids_come_out() {
    assert_eq!(
        conversation(&[
            r#"{"op":"index","docs":[{"id":"t1","title":"Где посылка?","body":""},{"id":2,"body":"возврат"}]}"#,
            r#"{"op":"query","q":"посылки","k":10}"#,
            r#"{"op":"query","q":"возвраты"}"#,
            r#"{"op":"query","q":"обмен","k":1}"#,
        ]),
        [r#"{"ok":true}"#, r#"{"ids":["t1"]}"#, r#"{"ids":[2]}"#, r#"{"ids":[]}"#]
    );
}

#[test]
fn a_document_with_a_known_id_replaces_the_old_one() {
    assert_eq!(
        conversation(&[
            r#"{"op":"index","docs":[{"id":"a","title":"посылка"}]}"#,
            r#"{"op":"index","docs":[{"id":"a","title":"возврат"},{"id":"b","title":"возврат денег"}]}"#,
            r#"{"op":"query","q":"посылка"}"#,
            r#"{"op":"query","q":"возврат"}"#,
        ])[2..],
        [r#"{"ids":[]}"#, r#"{"ids":["a","b"]}"#]
    );
}

#[test]
fn a_line_that_is_not_understood_is_answered_and_the_next_one_read() {
    let answers = conversation(&["nonsense", "", r#"{"op":"fly"}"#, r#"{"op":"query","q":"x","k":0}"#]);
    assert_eq!(answers.len(), 3);
    assert!(answers[..2].iter().all(|answer| answer.contains(r#""ok":false"#)), "{answers:?}");
    assert_eq!(answers[2], r#"{"ids":[]}"#);
}
