//! Blobs keep one promise wherever they live: in a folder, in an object store in memory, and, over HTTP with signed
//! requests, in the bucket of an S3 server that is not ours.

use bytes::Bytes;
use object_store::memory::InMemory;
use opora_base::blob::{BlobError, Blobs, digest};
use opora_testkit::bucket::{BUCKET, BucketServer, SECRET_KEY};
use std::sync::Arc;
use std::time::{Duration, Instant};

const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fn hello() -> Bytes {
    Bytes::from_static(b"hello")
}

/// So many bytes that do not repeat soon.
fn noise(length: usize) -> Bytes {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(next).flatten().take(length).collect::<Vec<u8>>().into()
}

async fn keeps_what_it_promises(blobs: &Blobs) {
    assert_eq!(blobs.put(hello()).await.unwrap(), HELLO);
    assert_eq!(blobs.put(hello()).await.unwrap(), HELLO, "the same again is the same");
    assert_eq!(blobs.get(HELLO).await.unwrap(), hello());
    let empty = blobs.put(Bytes::new()).await.unwrap();
    assert_eq!(blobs.get(&empty).await.unwrap(), Bytes::new());
    let large = noise(25 << 20);
    let name = blobs.put(large.clone()).await.unwrap();
    assert_eq!(name, digest(&large));
    assert_eq!(blobs.get(&name).await.unwrap(), large);
    let many = noise(300_000);
    let puts = (0..8).map(|_| blobs.put(many.clone()));
    let names = futures::future::try_join_all(puts).await.unwrap();
    assert!(names.iter().all(|name| *name == digest(&many)), "eight at once are one");
    assert!(matches!(blobs.get(&"0".repeat(64)).await, Err(BlobError::NotFound(_))));
    assert!(matches!(blobs.get("../../etc/passwd").await, Err(BlobError::BadDigest)));
    blobs.try_out().await.unwrap();
}

/// The bucket of a server, with one variable put or changed.
fn bucket(server: &BucketServer, name: &str, value: &str) -> Blobs {
    ring_for_tls();
    let mut variables = server.environment();
    variables.retain(|(known, _)| known != name);
    variables.push((name.to_owned(), value.to_owned()));
    Blobs::in_bucket_with(&format!("s3://{BUCKET}"), variables).unwrap()
}

/// The program chooses its TLS once, at its start.
fn ring_for_tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

#[tokio::test]
async fn a_folder_keeps_the_same_bytes_once_and_gives_them_back() {
    let folder = tempfile::tempdir().unwrap();
    keeps_what_it_promises(&Blobs::in_folder(folder.path()).unwrap()).await;
}

#[tokio::test]
async fn an_object_store_in_memory_behaves_like_the_folder() {
    keeps_what_it_promises(&Blobs::in_store(Arc::new(InMemory::new()))).await;
}

#[tokio::test]
async fn a_bucket_on_a_real_s3_server_behaves_like_the_folder() {
    let server = BucketServer::start().unwrap();
    keeps_what_it_promises(&bucket(&server, "AWS_REGION", "eu-central-1")).await;
    let objects = server.objects().unwrap();
    assert_eq!(objects.len(), 5, "each content is one object: {objects:?}");
    assert!(objects.contains(&format!("blobs/2c/{HELLO}")), "{objects:?}");
}

#[tokio::test]
async fn a_path_behind_the_buckets_name_is_where_its_objects_lie() {
    ring_for_tls();
    let server = BucketServer::start().unwrap();
    let blobs = Blobs::in_bucket_with(&format!("s3://{BUCKET}/our/desk/"), server.environment()).unwrap();
    blobs.put(hello()).await.unwrap();
    assert_eq!(blobs.get(HELLO).await.unwrap(), hello());
    assert_eq!(server.objects().unwrap(), [format!("our/desk/blobs/2c/{HELLO}")]);
}

#[tokio::test]
async fn damaged_bytes_are_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::in_folder(folder.path()).unwrap();
    blobs.put(hello()).await.unwrap();
    std::fs::write(folder.path().join("2c").join(HELLO), b"hellO").unwrap();
    let server = BucketServer::start().unwrap();
    let far = bucket(&server, "AWS_REGION", "us-east-1");
    far.put(hello()).await.unwrap();
    std::fs::write(server.object(&format!("blobs/2c/{HELLO}")), b"hellO").unwrap();
    for blobs in [blobs, far] {
        let error = blobs.get(HELLO).await.unwrap_err();
        assert_eq!(error.code(), "storage_damaged", "{error}");
    }
}

#[tokio::test]
async fn wrong_keys_and_a_wrong_bucket_are_told_apart_from_a_server_that_is_away() {
    let server = BucketServer::start().unwrap();
    bucket(&server, "AWS_REGION", "us-east-1").put(hello()).await.unwrap();
    let elsewhere = Blobs::in_bucket_with("s3://no-such-bucket", server.environment()).unwrap();
    let wrong = [
        bucket(&server, "AWS_SECRET_ACCESS_KEY", "not the secret"),
        bucket(&server, "AWS_ACCESS_KEY_ID", "AKIANOBODY"),
        elsewhere,
    ];
    for blobs in wrong {
        for error in [blobs.put(noise(9)).await.unwrap_err(), blobs.get(HELLO).await.unwrap_err()] {
            assert_eq!(error.code(), "storage_refused", "{error}");
            assert!(error.to_string().contains("AWS_"), "{error}");
            assert!(!error.to_string().contains(SECRET_KEY), "{error}");
        }
    }
    let away = bucket(&server, "AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    assert_eq!(away.put(hello()).await.unwrap_err().code(), "storage_unavailable");
}

#[test]
fn an_address_that_names_no_bucket_and_half_a_key_are_refused_at_once() {
    for (url, variables) in [
        ("opora-files", vec![]),
        ("https://s3.example/opora-files", vec![]),
        ("s3://", vec![]),
        ("s3://opora-files", vec![("AWS_ACCESS_KEY_ID".to_owned(), "AKIA".to_owned())]),
    ] {
        let error = Blobs::in_bucket_with(url, variables).unwrap_err();
        assert_eq!(error.code(), "storage_refused", "{url}: {error}");
    }
}

#[tokio::test]
async fn a_server_that_went_away_is_given_up_within_seconds_and_used_again_when_it_is_back() {
    let mut server = BucketServer::start().unwrap();
    let blobs = bucket(&server, "AWS_REGION", "us-east-1");
    blobs.put(hello()).await.unwrap();
    server.close();
    let begun = Instant::now();
    for error in [blobs.put(noise(9)).await.unwrap_err(), blobs.get(HELLO).await.unwrap_err()] {
        assert_eq!(error.code(), "storage_unavailable", "{error}");
        assert!(error.to_string().contains("onnection refused"), "the cause is named: {error}");
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    server.open().unwrap();
    assert_eq!(blobs.get(HELLO).await.unwrap(), hello());
    blobs.put(noise(9)).await.unwrap();
}
