//! How the door closes: silent guests hear it, a message in hand is finished and answered.

use std::{sync::Arc, time::Duration};

use opora_channels::mail::acceptor::{Config, Protocol::Smtp};
use tokio::{net::TcpStream, sync::Semaphore, time::timeout};

use crate::{
    desk::{config, open},
    talk::Talk,
};

const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_silent_guest_is_told_and_nobody_new_comes_in() {
    let mut door = open(config(Smtp)).await;
    let mut talk = Talk::with(door.port).await;
    door.shutdown.cancel();
    talk.hear_of("421 4.3.2").await;
    drop(talk);
    timeout(SOON, &mut door.serving).await.unwrap().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", door.port)).await.is_err());
}

#[tokio::test]
async fn a_message_on_its_way_in_is_finished_before_the_door_closes() {
    let mut door = open(config(Smtp)).await;
    let mut talk = Talk::with(door.port).await;
    talk.begin_message("EHLO").await;
    talk.say("first half, ").await;
    door.shutdown.cancel();
    talk.say("second half\r\n.\r\n").await;
    talk.hear_of("250 2.0.0 Accepted").await;
    talk.hear_of("421").await;
    drop(talk);
    timeout(SOON, &mut door.serving).await.unwrap().unwrap();
    assert_eq!(door.house.only_message(), "first half, second half\r\n");
}

#[tokio::test]
async fn a_message_being_written_down_is_answered_before_the_door_closes() {
    let mut door = open(config(Smtp)).await;
    let pen = Arc::new(Semaphore::new(0));
    *door.house.pen.lock().unwrap() = Some(pen.clone());
    let mut talk = Talk::with(door.port).await;
    talk.begin_message("EHLO").await;
    talk.say("hi\r\n.\r\n").await;
    door.house.writing.notified().await;
    door.shutdown.cancel();
    pen.add_permits(1);
    talk.hear_of("250 2.0.0 Accepted").await;
    drop(talk);
    timeout(SOON, &mut door.serving).await.unwrap().unwrap();
}

#[tokio::test]
async fn somebody_who_hangs_on_is_cut_off_after_the_grace_time() {
    let mut door = open(Config { grace: Duration::from_millis(50), ..config(Smtp) }).await;
    let mut talk = Talk::with(door.port).await;
    talk.begin_message("EHLO").await;
    talk.say("never fini").await;
    door.shutdown.cancel();
    timeout(SOON, &mut door.serving).await.unwrap().unwrap();
    assert!(door.house.stored().is_empty());
}
