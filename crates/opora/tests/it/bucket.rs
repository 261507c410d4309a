//! A department whose files lie in a bucket of a real S3 server.

use crate::lmtp::Lmtp;
use crate::node::{Api, Home, Node};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use opora_testkit::bucket::{BUCKET, BucketServer};
use opora_testkit::port::free_port;
use serde_json::Value;

/// A department on this bucket, with an inbox.
fn home_on(server: &BucketServer) -> Home {
    let mut home = Home::sqlite();
    home.environment = server.environment();
    home.environment.push(("OPORA_BLOBS".to_owned(), format!("s3://{BUCKET}")));
    if let Some(certificate) = server.certificate() {
        home.environment.push(("SSL_CERT_FILE".to_owned(), certificate.display().to_string()));
    }
    home.run(&["inbox", "create", "--name", "Support", "--address", "support@desk.test"]);
    home
}

/// The department on a bucket, running.
struct Served {
    home: Home,
    node: Node,
    api: Api,
    lmtp: u16,
}

impl Served {
    fn on(server: &BucketServer) -> Served {
        let home = home_on(server);
        let (token, lmtp) = (home.token(), free_port());
        let node = Node::start_on(&home, free_port(), lmtp, &[]);
        let api = node.api(&token);
        Served { home, node, api, lmtp }
    }
}

/// So many bytes that are no text.
fn photo(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n * n / 7 + n / 256) as u8).collect()
}

fn mail_with(number: usize, file: &[u8]) -> String {
    let lines: Vec<String> = file.chunks(57).map(|line| STANDARD.encode(line)).collect();
    format!(
        "From: Alice <alice@customer.test>\r\nTo: support@desk.test\r\nSubject: photo {number}\r\nMIME-Version: 1.0\r\n\
         Message-ID: <photo{number}@customer.test>\r\nContent-Type: multipart/mixed; boundary=xx\r\n\r\n--xx\r\n\r\nLook.\r\n\
         --xx\r\nContent-Type: image/png; name=photo.png\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=photo.png\r\n\r\n{}\r\n--xx--\r\n",
        lines.join("\r\n")
    )
}

fn first_message(ticket: &Value) -> &Value {
    &ticket["messages"][0]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_with_a_large_file_goes_into_a_bucket_over_https_and_comes_out_through_the_api() {
    let server = BucketServer::start_with_tls().unwrap();
    let Served { home, node: _node, api, lmtp } = Served::on(&server);
    let (file, before) = (photo(1 << 20), server.objects().unwrap().len());
    let mail = mail_with(1, &file);
    tokio::task::block_in_place(|| {
        Lmtp::connect(lmtp).unwrap().deliver("alice@customer.test", "support@desk.test", &mail).unwrap();
    });
    let ticket = api.tickets(1).await[0]["id"].as_i64().unwrap();
    let ticket = api.get(&format!("/tickets/{ticket}")).await;
    let message = first_message(&ticket);
    let attachment = message["attachments"][0]["id"].as_i64().unwrap();
    assert_eq!(api.bytes(&format!("/attachments/{attachment}")).await, (200, file));
    let (status, raw) = api.bytes(&format!("/messages/{}/raw", message["id"])).await;
    assert!(status == 200 && raw.trim_ascii_end().ends_with(mail.trim_end().as_bytes()), "the mail as it came");
    assert_eq!(server.objects().unwrap().len(), before + 2, "the mail and its file");
    assert!(!home.data().join("blobs").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_bucket_is_away_large_mail_waits_outside_and_uploads_are_told_so() {
    let mut server = BucketServer::start().unwrap();
    let Served { home: _home, node: _node, api, lmtp } = Served::on(&server);
    let mail = mail_with(2, &photo(300_000));
    let deliver = || {
        tokio::task::block_in_place(|| {
            Lmtp::connect(lmtp).unwrap().deliver("alice@customer.test", "support@desk.test", &mail)
        })
    };
    server.close();
    let no = deliver().unwrap_err().to_string();
    assert!(no.starts_with('4'), "the mail server is asked to come again: {no}");
    let (status, answer) = api.try_upload("a.txt", b"abc").await;
    assert_eq!((status, answer["code"].as_str().unwrap()), (503, "storage_unavailable"), "{answer}");
    server.open().unwrap();
    deliver().unwrap();
    let ticket = api.tickets(1).await[0]["id"].as_i64().unwrap();
    api.upload("a.txt", b"abc").await;
    let message = first_message(&api.get(&format!("/tickets/{ticket}")).await)["id"].clone();
    server.close();
    let (status, said) = api.bytes(&format!("/messages/{message}/raw")).await;
    assert_eq!(status, 503, "{}", String::from_utf8_lossy(&said));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_taken_while_the_bucket_is_away_waits_and_is_received_when_it_is_back() {
    let mut server = BucketServer::start().unwrap();
    let Served { home: _home, node, api, lmtp } = Served::on(&server);
    server.close();
    let mail = mail_with(3, &photo(3_000));
    tokio::task::block_in_place(|| {
        Lmtp::connect(lmtp).unwrap().deliver("alice@customer.test", "support@desk.test", &mail).unwrap();
    });
    // Each upload gives up as late as an attempt of the intake does: time for more of them than a mail has.
    for _ in 0..10 {
        assert_eq!(api.try_upload("a.txt", b"abc").await.0, 503);
    }
    assert!(node.log().contains("mail waits until files can be kept"), "{}", node.log());
    server.open().unwrap();
    let ticket = api.tickets(1).await[0]["id"].as_i64().unwrap();
    let ticket = api.get(&format!("/tickets/{ticket}")).await;
    assert_eq!(first_message(&ticket)["attachments"][0]["filename"], "photo.png");
    assert_eq!(api.get("/quarantine").await["total"], 0);
}

#[test]
fn keys_that_open_nothing_end_the_program_at_its_start_with_a_sentence() {
    let server = BucketServer::start().unwrap();
    let mut home = home_on(&server);
    home.environment.push(("AWS_SECRET_ACCESS_KEY".to_owned(), "wrong".to_owned()));
    let served = home.command(&["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    let said = String::from_utf8_lossy(&served.stderr).into_owned();
    assert!(!served.status.success());
    assert!(said.contains("the bucket refuses us; look at its name and the keys in AWS_*"), "{said}");
}
