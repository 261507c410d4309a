//! What concerns whom: made of the log once, never of one's own doing, kept until seen.

use crate::house::{House, letter, mail};
use opora_base::Store;
use opora_desk::notifications::digest;
use opora_desk::notifications::push::{self, PushForm, PushKeys};
use opora_desk::notifications::{self, Digest, Followed, HowTold, Notification, NotificationSettings, Quiet, Seen};
use opora_desk::people::agents::{self, AgentChange};
use opora_desk::people::roles::{self, RoleForm};
use opora_desk::tickets::Change;
use opora_desk::{Actor, Permission, TicketId};
use opora_testkit::engines;

pub async fn follow(house: &House) {
    house.all_shown().await;
    let now = house.now;
    while house.write(move |tx| notifications::follow(tx, now)).await.unwrap() == Followed::More {}
}

async fn mine(house: &House, actor: &Actor) -> Vec<Notification> {
    let actor = actor.clone();
    house.store.read(move |tx| notifications::list(tx, &actor, "", 50)).await.unwrap().items
}

async fn kinds(house: &House, actor: &Actor) -> Vec<String> {
    mine(house, actor).await.into_iter().map(|one| one.kind).collect()
}

async fn give(house: &House, id: TicketId, to: &Actor) {
    house.change(&house.admin, id, Change { assignee_id: Some(to.agent), ..Change::default() }).await.unwrap();
}

async fn queued(house: &House, queue: &'static str) -> i64 {
    house
        .store
        .read(move |tx| tx.one("SELECT count(*) FROM job WHERE queue = $1", &[queue.into()]))
        .await
        .map_err(|e: opora_base::Error| e)
        .unwrap()
}

async fn one(house: &House) -> TicketId {
    follow(house).await;
    house.mail(&letter("first@customer.test", "Где заказ?", "Жду третий день.")).await;
    follow(house).await;
    house.only_ticket().await.row.id
}

engines! {
    async fn each_is_told_what_concerns_them_and_not_what_they_did(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        house.change(&house.anna, id, Change { assignee_id: Some(house.anna.agent), ..Change::default() }).await.unwrap();
        let over = Change { assignee_id: Some(house.boris.agent), hand_over_note: Some("Знаешь клиента".into()), ..Change::default() };
        house.change(&house.anna, id, over).await.unwrap();
        house.say(&house.boris, id, "note", "@Анна Петрова, посмотри").await.unwrap();
        house.mail(&mail("Ольга <olga@customer.test>", "2@c.test", "Re: Где заказ?", "In-Reply-To: <first@customer.test>\n", "Ау?")).await;
        follow(&house).await;
        follow(&house).await;
        assert_eq!(kinds(&house, &house.anna).await, ["follow", "mention"]);
        let boris = mine(&house, &house.boris).await;
        assert_eq!(boris.iter().map(|n| n.kind.as_str()).collect::<Vec<_>>(), ["answer", "handed_over"]);
        assert_eq!((boris[0].text.as_str(), boris[0].actor.name.as_str()), ("Ау?", "Ольга"));
        assert_eq!((boris[1].text.as_str(), boris[1].actor.name.as_str(), boris[1].ticket_subject.as_str()), ("Знаешь клиента", "Анна Петрова", "Где заказ?"));
        assert!(kinds(&house, &house.admin).await.is_empty());
    }

    async fn what_is_seen_counts_no_more(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        house.change(&house.anna, id, Change { assignee_id: Some(house.boris.agent), ..Change::default() }).await.unwrap();
        for i in 0..3 {
            house.mail(&mail("Ольга <olga@customer.test>", &format!("r{i}@c.test"), "Re: Где заказ?", "In-Reply-To: <first@customer.test>\n", &format!("Ау {i}"))).await;
        }
        follow(&house).await;
        let first = mine(&house, &house.boris).await[0].id;
        let boris = house.boris.clone();
        let left = house.write(move |tx| notifications::mark_seen(tx, &boris, &Seen { ids: vec![first], ..Seen::default() })).await.unwrap();
        assert_eq!(left, 3);
        let anna = house.anna.clone();
        house.write(move |tx| notifications::mark_seen(tx, &anna, &Seen { all: true, ..Seen::default() })).await.unwrap();
        let boris = house.boris.clone();
        let left = house.write(move |tx| notifications::mark_seen(tx, &boris, &Seen { ticket_id: Some(id), ..Seen::default() })).await.unwrap();
        assert_eq!(left, 0, "nobody sees for another");
    }

    async fn the_past_before_the_first_follower_is_not_told(store: Store) {
        let house = House::new(store).await;
        house.mail(&letter("first@customer.test", "Где заказ?", "Жду.")).await;
        let id = house.only_ticket().await.row.id;
        house.change(&house.anna, id, Change { assignee_id: Some(house.boris.agent), ..Change::default() }).await.unwrap();
        follow(&house).await;
        assert!(kinds(&house, &house.boris).await.is_empty());
        let behind = house.store.read(notifications::is_behind).await.unwrap();
        assert!(!behind);
    }

    async fn people_are_told_as_they_wish(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let silent = NotificationSettings {
            kinds: [("assigned".to_owned(), HowTold { app: false, push: false, mail: false })].into(),
            quiet: Some(Quiet { from: "20:00".into(), to: "08:00".into(), days: vec![0, 6] }),
            time_zone: "Europe/Moscow".into(),
            ..NotificationSettings::default()
        };
        let (boris, wanted) = (house.boris.clone(), silent.clone());
        let kept = house.write(move |tx| notifications::put_settings(tx, &boris, &wanted)).await.unwrap();
        assert_eq!((kept.kinds.len(), kept.quiet), (15, silent.quiet.clone()));
        house.change(&house.anna, id, Change { assignee_id: Some(house.boris.agent), ..Change::default() }).await.unwrap();
        follow(&house).await;
        assert!(kinds(&house, &house.boris).await.is_empty());
        for wrong in [
            NotificationSettings { time_zone: "Moon/Base".into(), ..silent.clone() },
            NotificationSettings { digest_at: "9".into(), ..silent.clone() },
            NotificationSettings { quiet: Some(Quiet { from: "25:00".into(), to: "08:00".into(), days: vec![] }), ..silent.clone() },
            NotificationSettings { quiet: Some(Quiet { from: "20:00".into(), to: "08:00".into(), days: vec![7] }), ..silent.clone() },
            NotificationSettings { kinds: [("weather".to_owned(), HowTold::default())].into(), ..silent },
        ] {
            let boris = house.boris.clone();
            let refused = house.write(move |tx| notifications::put_settings(tx, &boris, &wrong)).await.unwrap_err();
            assert_eq!(refused.code(), "validation");
        }
    }

    async fn browsers_are_told_unless_it_is_quiet_or_unwanted_and_only_while_their_person_is_signed_in(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let (boris, now) = (house.boris.clone(), house.now);
        let device = house
            .write(move |tx| {
                use opora_desk::people::login;
                login::begin_session(tx, boris.agent.unwrap(), &login::Visitor::default(), now)?;
                let session = tx.one("SELECT max(id) FROM session", &[])?;
                let form = PushForm { endpoint: "https://push.test/1".into(), keys: PushKeys { p256dh: "k".into(), auth: "a".into() }, name: "Firefox".into() };
                Ok(push::subscribe(tx, &boris, session, &form, now)?.0)
            })
            .await
            .unwrap();
        give(&house, id, &house.boris).await;
        follow(&house).await;
        assert_eq!(queued(&house, "push").await, 1);
        let notification = mine(&house, &house.boris).await[0].id;
        let told = house.write(move |tx| push::to_tell(tx, device, Some(notification))).await.unwrap().unwrap();
        assert_eq!((told.0.endpoint.as_str(), told.1.unwrap().kind.as_str()), ("https://push.test/1", "assigned"));
        let quiet = NotificationSettings { quiet: Some(Quiet { from: "00:00".into(), to: "23:59".into(), days: (0..7).collect() }), ..NotificationSettings::default() };
        let (boris, wanted) = (house.boris.clone(), quiet.clone());
        house.write(move |tx| notifications::put_settings(tx, &boris, &wanted)).await.unwrap();
        give(&house, id, &house.anna).await;
        give(&house, id, &house.boris).await;
        follow(&house).await;
        assert_eq!((queued(&house, "push").await, mine(&house, &house.boris).await.len()), (1, 2), "kept, and nobody is disturbed");
        house.write(|tx| Ok(tx.exec("DELETE FROM session", &[])?)).await.unwrap();
        let told = house.write(move |tx| push::to_tell(tx, device, Some(notification))).await.unwrap();
        assert!(told.is_none(), "who signed out is told nothing");
    }

    async fn a_digest_holds_what_is_unread_and_wants_mail_and_nothing_twice(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let wanted = NotificationSettings { digest: Digest::Hourly, ..NotificationSettings::default() };
        let boris = house.boris.clone();
        house.write(move |tx| notifications::put_settings(tx, &boris, &wanted)).await.unwrap();
        give(&house, id, &house.boris).await;
        house.mail(&mail("Ольга <olga@customer.test>", "2@c.test", "Re: Где заказ?", "In-Reply-To: <first@customer.test>\n", "Ау?")).await;
        follow(&house).await;
        assert_eq!(queued(&house, digest::QUEUE).await, 1, "one letter for all of an hour");
        let (agent, now) = (house.boris.agent.unwrap(), house.now);
        let kinds = |contents: Option<digest::Contents>| contents.map(|c| c.items.iter().map(|n| n.kind.clone()).collect::<Vec<_>>());
        let contents = house.write(move |tx| digest::contents(tx, agent)).await.unwrap();
        let last = contents.as_ref().unwrap().items[0].id;
        assert_eq!(kinds(contents), Some(vec!["assigned".to_owned()]), "a customer's every word is no digest");
        house.write(move |tx| digest::told(tx, agent, last, now)).await.unwrap();
        assert_eq!(kinds(house.write(move |tx| digest::contents(tx, agent)).await.unwrap()), None);
        house.say(&house.anna, id, "note", "@Борис Иванов, глянь").await.unwrap();
        follow(&house).await;
        assert_eq!(kinds(house.write(move |tx| digest::contents(tx, agent)).await.unwrap()), Some(vec!["mention".to_owned()]));
        let boris = house.boris.clone();
        house.write(move |tx| notifications::mark_seen(tx, &boris, &Seen { all: true, ..Seen::default() })).await.unwrap();
        assert_eq!(kinds(house.write(move |tx| digest::contents(tx, agent)).await.unwrap()), None, "what was read needs no letter");
    }

    async fn a_digest_is_not_held_up_by_what_wants_no_mail(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let wanted = NotificationSettings { digest: Digest::Hourly, ..NotificationSettings::default() };
        let (boris, agent, now) = (house.boris.clone(), house.boris.agent.unwrap(), house.now);
        house.write(move |tx| {
            notifications::put_settings(tx, &boris, &wanted)?;
            for _ in 0..250 {
                tx.exec(
                    "INSERT INTO notification (agent_id, kind, ticket_id, author_kind, text, at) VALUES ($1, 'answer', $2, 'system', '', $3)",
                    opora_base::params![agent, id, now.0],
                )?;
            }
            Ok(())
        }).await.unwrap();
        house.say(&house.anna, id, "note", "@Борис Иванов, глянь").await.unwrap();
        follow(&house).await;
        let contents = house.write(move |tx| digest::contents(tx, agent)).await.unwrap().unwrap();
        assert_eq!(contents.items.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>(), ["mention"]);
    }

    async fn a_digest_that_comes_late_waits_for_the_morning(store: Store) {
        let mut house = House::new(store).await;
        let id = one(&house).await;
        let quiet = Some(Quiet { from: "20:00".into(), to: "08:00".into(), days: (0..7).collect() });
        let wanted = NotificationSettings { digest: Digest::Hourly, quiet, ..NotificationSettings::default() };
        let (boris, agent) = (house.boris.clone(), house.boris.agent.unwrap());
        house.write(move |tx| notifications::put_settings(tx, &boris, &wanted)).await.unwrap();
        give(&house, id, &house.boris).await;
        follow(&house).await;
        let hour = |now: opora_base::Time| now.0 / 3_600_000_000 % 24;
        let noon = (36 - hour(house.now)) % 24;
        house.pass(u64::try_from(noon * 3_600).unwrap());
        let waits = async |house: &House| {
            let now = house.now;
            house.write(move |tx| digest::waits(tx, agent, now)).await.unwrap()
        };
        assert!(!waits(&house).await);
        let before = queued(&house, digest::QUEUE).await;
        house.pass(11 * 3_600);
        assert!(waits(&house).await);
        assert_eq!(queued(&house, digest::QUEUE).await, before + 1, "it is due again in the morning");
    }

    async fn what_one_may_not_see_any_more_or_does_not_want_here_is_not_shown(store: Store) {
        let mut house = House::new(store).await;
        let id = one(&house).await;
        let wanted = NotificationSettings {
            digest: Digest::Hourly,
            kinds: [("mention".to_owned(), HowTold { app: false, push: false, mail: true })].into(),
            ..NotificationSettings::default()
        };
        let (boris, agent) = (house.boris.clone(), house.boris.agent.unwrap());
        house.write(move |tx| notifications::put_settings(tx, &boris, &wanted)).await.unwrap();
        give(&house, id, &house.boris).await;
        house.say(&house.anna, id, "note", "@Борис Иванов, глянь").await.unwrap();
        follow(&house).await;
        assert_eq!(kinds(&house, &house.boris).await, ["assigned"], "a mention is for the letter only");
        let boris = house.boris.clone();
        assert_eq!(house.store.read(move |tx| notifications::unread(tx, &boris)).await.unwrap(), 1);
        let lettered = async |house: &House| {
            let contents = house.write(move |tx| digest::contents(tx, agent)).await.unwrap();
            contents.map_or(0, |contents| contents.items.len())
        };
        assert_eq!(lettered(&house).await, 2);

        // He sees his own tickets only, and this one becomes somebody else's.
        give(&house, id, &house.anna).await;
        let narrow = RoleForm { name: "Свои".into(), permissions: vec![Permission::TicketView] };
        let (admin, now) = (house.admin.clone(), house.now);
        house.boris = house.write(move |tx| {
            let role = roles::create(tx, &admin, &narrow, now)?;
            agents::change(tx, &admin, agent, &AgentChange { role_id: Some(role.id), ..AgentChange::default() }, now)?;
            agents::actor(tx, agent)
        }).await.unwrap();
        assert!(kinds(&house, &house.boris).await.is_empty());
        assert_eq!(lettered(&house).await, 0);
        let boris = house.boris.clone();
        assert_eq!(house.store.read(move |tx| notifications::unread(tx, &boris)).await.unwrap(), 0);
    }
}
