//! Two processes on one PostgreSQL, one mailbox: every mail once, whoever dies.

use crate::node::Home;
use opora_testkit::mailpeer::{Dovecot, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs postfix and dovecot and OPORA_TEST_DATABASE_URL"]
async fn two_nodes_read_one_mailbox_and_nothing_is_doubled_or_missed() {
    let dovecot = tokio::task::block_in_place(Dovecot::start).unwrap();
    let home = Home::postgres();
    let token = home.token();
    let imap = format!("imaps://support@desk.test@localhost:{}", dovecot.imaps);
    let roots = dovecot.certificate();
    let roots = ["--tls-roots", roots.to_str().unwrap()];
    let created = home
        .command(&["inbox", "create", "--name", "Support", "--address", "support@desk.test", "--imap", &imap])
        .env("OPORA_IMAP_PASSWORD", PASSWORD)
        .output()
        .unwrap();
    assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stderr));
    let put = |n: usize| {
        let raw = format!(
            "From: c{n}@customer.test\r\nTo: support@desk.test\r\nSubject: both {n}\r\nMessage-ID: <both{n}@customer.test>\r\n\r\nQuestion {n}.\r\n"
        );
        tokio::task::block_in_place(|| dovecot.put("support@desk.test", "INBOX", raw.as_bytes())).unwrap();
    };
    let other = home.second();
    let (first, second) = (home.serve(&roots), other.serve(&roots));
    for n in 0..30 {
        put(n);
    }
    second.api(&token).tickets(30).await;
    // Whoever reads the mailbox may die: the other one takes over.
    first.kill();
    for n in 30..50 {
        put(n);
    }
    let api = second.api(&token);
    let tickets = api.tickets(50).await;
    assert!(tickets.iter().all(|t| t["message_count"] == 1), "{tickets:?}");
}
