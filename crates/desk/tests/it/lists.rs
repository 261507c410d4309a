//! Lists: every order and page, exact counts whatever happens, filters.

use crate::house::{House, mail};
use opora_base::Store;
use opora_desk::TicketId;
use opora_desk::tickets::{self, Change, Status, tally};
use opora_testkit::engines;
use std::collections::BTreeSet;

async fn fill(house: &mut House, n: usize) -> Vec<TicketId> {
    for i in 0..n {
        house.pass(i as u64 % 3);
        house
            .mail(&mail(
                &format!("c{}@customer.test", i % 7),
                &format!("{i}@c.test"),
                &format!("Вопрос {i}"),
                "",
                "Текст",
            ))
            .await;
    }
    house.page(&house.admin, "", "id", "", 1000).await.items.iter().map(|t| t.id).collect()
}

engines! {
    async fn every_order_shows_every_ticket_once_page_by_page(store: Store) {
        let mut house = House::new(store).await;
        let ids = fill(&mut house, 25).await;
        for sort in ["updated", "-updated", "created", "-created", "id", "-id", "waiting", "-waiting"] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = house.page(&house.admin, "", sort, &cursor, 7).await;
                assert_eq!(page.total, 25);
                seen.extend(page.items.iter().map(|t| t.id));
                match page.next_cursor {
                    Some(next) => cursor = next,
                    None => break,
                }
            }
            let unique: BTreeSet<TicketId> = seen.iter().copied().collect();
            assert_eq!((seen.len(), unique.len()), (ids.len(), ids.len()), "{sort}");
        }
        let newest = house.page(&house.admin, "", "updated", "", 1).await.items[0].id;
        assert_eq!(newest, *ids.last().unwrap());
    }

    async fn counts_are_exact_after_any_change_and_after_folding(store: Store) {
        let mut house = House::new(store).await;
        let ids = fill(&mut house, 20).await;
        for (n, id) in ids.iter().enumerate() {
            let change = Change {
                status: Some(Status::ALL[n % Status::ALL.len()]),
                assignee_id: (n % 3 == 0).then_some(house.anna.agent),
                team_id: (n % 4 == 0).then_some(None),
                ..Change::default()
            };
            house.change(&house.boris, *id, change).await.unwrap();
        }
        for _ in 0..2 {
            for q in ["", "status:new,open", "status:closed", "assignee:none", "team:none status:new,open", "-status:closed assignee:none", "is:open"] {
                let page = house.list(&house.admin, q).await;
                assert_eq!(page.total, page.items.len() as i64, "{q}");
            }
            let (anna, now) = (house.anna.clone(), house.now);
            let views = house.store.read(move |tx| tickets::views::Counter::new(&Default::default(), now).views(tx, &anna)).await.unwrap();
            for view in views {
                assert_eq!(view.count, house.list(&house.anna, &view.query).await.items.len() as i64, "{}", view.key);
            }
            house.store.write_rc(tally::fold).await.unwrap();
        }
        assert!(house.store.read(tally::length).await.unwrap() <= 20);
    }

    async fn several_statuses_are_one_list_in_one_order(store: Store) {
        let mut house = House::new(store).await;
        let ids = fill(&mut house, 24).await;
        for (n, id) in ids.iter().enumerate() {
            let change = Change { status: Some(Status::ALL[n % Status::ALL.len()]), ..Change::default() };
            house.change(&house.boris, *id, change).await.unwrap();
        }
        let unsolved = [Status::New, Status::Open, Status::Waiting, Status::OnHold];
        let finished = [Status::Solved, Status::Closed];
        for (q, statuses) in [("is:open", &unsolved[..]), ("status:solved,closed,solved", &finished[..])] {
            for sort in ["updated", "-updated", "created", "id", "-id", "waiting"] {
                let all = house.page(&house.admin, "", sort, "", 100).await.items;
                let wanted: Vec<TicketId> =
                    all.iter().filter(|t| statuses.contains(&t.status)).map(|t| t.id).collect();
                let (mut seen, mut cursor) = (Vec::new(), String::new());
                loop {
                    let page = house.page(&house.admin, q, sort, &cursor, 5).await;
                    assert_eq!(page.total, wanted.len() as i64, "{q} {sort}");
                    seen.extend(page.items.iter().map(|t| t.id));
                    match page.next_cursor {
                        Some(next) => cursor = next,
                        None => break,
                    }
                }
                assert_eq!(seen, wanted, "{q} {sort}");
            }
        }
        assert_eq!(house.list(&house.admin, "is:open -status:new").await.total, 12);
    }

    async fn a_filter_finds_by_tag_contact_age_and_says_where_it_is_wrong(store: Store) {
        let mut house = House::new(store).await;
        let ids = fill(&mut house, 8).await;
        house.change(&house.anna, ids[0], Change { tags: Some(vec!["возврат".into()]), ..Change::default() }).await.unwrap();
        assert_eq!(house.list(&house.admin, "tag:возврат").await.total, 1);
        assert_eq!(house.list(&house.admin, "-tag:возврат").await.total, 7);
        let contact = house.open(ids[1]).await.row.contact.id;
        assert_eq!(house.list(&house.admin, &format!("contact:{contact}")).await.total, 1);
        house.pass(5 * 3600);
        assert_eq!(house.list(&house.admin, "waiting:>4h").await.total, 8);
        assert_eq!(house.list(&house.admin, "waiting:>6h").await.total, 0);
        assert_eq!(house.list(&house.admin, "created:>2020-01-01 priority:normal channel:mail").await.total, 8);
        let wrong = tickets::ListAsk::parse("status:opne", "", "", None, opora_query::Language::Russian).unwrap_err();
        assert_eq!(wrong.code(), "bad_query");
    }
}
