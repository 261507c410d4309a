//! Who may ask for an organization: the list and its quota, strangers, their owner's word, answers by themselves.

use crate::agreements::{change, named, organization, plan};
use crate::house::{House, mail};
use opora_base::{Store, Time, job, timer};
use opora_desk::contacts::merge::{self, Pair};
use opora_desk::contacts::organizations::OrganizationChange;
use opora_desk::contacts::{self, AddressForm, AddressKind, ContactChange};
use opora_desk::entitlement::authorised::{self, AuthorisedContact, AuthorisedForm};
use opora_desk::entitlement::{self, Entitlement, StrangerPolicy, StrangerRule, Verdict, VerdictForm, hold};
use opora_desk::plans::PlanForm;
use opora_desk::templates::{self, TemplateForm};
use opora_desk::tickets::files::{self, NewFile};
use opora_desk::tickets::{MessageKind, MessageState, Status, Ticket};
use opora_desk::{Actor, ContactId, Error, OrganizationId, Permission, Result, TicketId, audit, mailroom};
use opora_testkit::engines;

/// Acme, whose domain is acme.test.
async fn acme(house: &House, policy: Option<StrangerPolicy>) -> OrganizationId {
    let form =
        OrganizationChange { domains: Some(vec!["acme.test".into()]), stranger_policy: Some(policy), ..named("Acme") };
    organization(house, form).await.id
}

async fn contact(house: &House, name: &str, address: &str, organization: &str) -> ContactId {
    let (anna, now) = (house.anna.clone(), house.now);
    let form = ContactChange {
        name: Some(name.into()),
        addresses: Some(vec![AddressForm { kind: AddressKind::Mail, address: address.into() }]),
        organization: Some(organization.into()),
        ..ContactChange::default()
    };
    house.write(move |tx| contacts::create(tx, &anna, &form, now)).await.unwrap().id
}

fn who(contact: ContactId) -> AuthorisedForm {
    AuthorisedForm { contact_id: Some(contact), ..AuthorisedForm::default() }
}

async fn grant(house: &House, organization: OrganizationId, form: AuthorisedForm) -> Result<AuthorisedContact> {
    let (anna, now) = (house.anna.clone(), house.now);
    house.write(move |tx| authorised::grant(tx, &anna, organization, &form, now)).await
}

async fn edit(house: &House, id: i64, form: AuthorisedForm) -> Result<AuthorisedContact> {
    let (anna, now) = (house.anna.clone(), house.now);
    house.write(move |tx| authorised::change(tx, &anna, id, &form, now)).await
}

async fn on_list(house: &House, organization: OrganizationId) -> Vec<AuthorisedContact> {
    let (anna, now) = (house.anna.clone(), house.now);
    house.store.read(move |tx| authorised::list(tx, &anna, organization, now)).await.unwrap().items
}

/// Acme with its owner Oleg and Olga, who may ask.
async fn acme_with_a_list(house: &House, policy: StrangerPolicy) -> OrganizationId {
    let id = acme(house, Some(policy)).await;
    let oleg = contact(house, "Олег Хозяин", "oleg@acme.test", "Acme").await;
    let olga = contact(house, "Ольга", "olga@acme.test", "Acme").await;
    grant(house, id, AuthorisedForm { is_owner: Some(true), ..who(oleg) }).await.unwrap();
    grant(house, id, who(olga)).await.unwrap();
    id
}

async fn writes(house: &House, from: &str, id: &str, more: &str) -> Ticket {
    house.mail(&mail(from, id, &format!("Вопрос {id}"), more, "Не печатает чек")).await;
    let newest = house.page(&house.admin, "", "-id", "", 1).await.items.remove(0);
    house.open(newest.id).await
}

async fn standing(house: &House, id: TicketId) -> (Option<Entitlement>, Status) {
    let row = house.open(id).await.row;
    (row.entitlement, row.status)
}

async fn judge(house: &House, ticket: TicketId, verdict: Verdict) -> Result<()> {
    let (anna, now) = (house.anna.clone(), house.now);
    house.write(move |tx| entitlement::judge(tx, &anna, ticket, VerdictForm { verdict }, now)).await
}

/// The question that lies in the queue of letters, and its case.
async fn question(house: &House) -> Option<entitlement::Question> {
    let now = house.now;
    house
        .write(move |tx| {
            let jobs = job::claim(tx, "mail.letter", "test", std::time::Duration::from_secs(30 * 86_400), 10, now)?;
            let case = jobs.iter().find_map(|job| job.payload.get("case")?.as_i64());
            case.map(|case| entitlement::question(tx, case, now)).transpose().map(Option::flatten)
        })
        .await
        .unwrap()
}

async fn decide(house: &House, token: &str, yes: bool) -> Result<hold::Asked> {
    let (token, now) = (token.to_owned(), house.now);
    house.write(move |tx| hold::decide(tx, &token, yes, now)).await
}

engines! {
    async fn who_comes_by_domain_is_on_no_list_and_the_quota_says_both_numbers(store: Store) {
        let house = House::new(store).await;
        let two = plan(&house, PlanForm { name: Some("Двое".into()), contact_quota: Some(Some(2)), ..PlanForm::default() }).await.unwrap();
        let id = acme(&house, None).await;
        change(&house, id, OrganizationChange { plan_id: Some(Some(two.id)), ..OrganizationChange::default() }).await.unwrap();
        let stranger = writes(&house, "new@acme.test", "1@c.test", "").await.row.contact;
        assert_eq!(stranger.organization.map(|o| o.id), Some(id), "the domain says whose they are");
        assert!(on_list(&house, id).await.is_empty(), "and nothing more");

        let (a, b, c) = (
            contact(&house, "А", "a@acme.test", "Acme").await,
            contact(&house, "Б", "b@acme.test", "").await,
            contact(&house, "В", "c@acme.test", "Acme").await,
        );
        let first = grant(&house, id, who(a)).await.unwrap();
        assert!(first.may_ask && !first.may_approve && !first.may_see_colleagues && !first.is_owner);
        assert_eq!(grant(&house, id, who(a)).await.unwrap_err().code(), "validation", "once is enough");
        grant(&house, id, who(b)).await.unwrap();
        let full = grant(&house, id, who(c)).await.unwrap_err();
        assert_eq!((full.code(), full.to_string()), ("quota_reached", "2 contacts are authorised, and the plan allows 2".to_owned()));
        // Whose time is over makes room, and comes back only where there is room.
        let over = AuthorisedForm { since: Some(Time(0)), until: Some(Some(house.now)), ..AuthorisedForm::default() };
        edit(&house, first.id, over).await.unwrap();
        grant(&house, id, who(c)).await.unwrap();
        let back = edit(&house, first.id, AuthorisedForm { until: Some(None), ..AuthorisedForm::default() }).await;
        assert_eq!(back.unwrap_err().code(), "quota_reached");
        let stranger = contact(&house, "Чужой", "x@other.test", "Other").await;
        let Error::Validation(fields) = grant(&house, id, who(stranger)).await.unwrap_err() else { panic!() };
        assert_eq!(fields[0].code, "not_theirs");
        let observer = Actor { permissions: vec![Permission::TicketView], ..house.boris.clone() };
        let now = house.now;
        let refused = house.write(move |tx| authorised::grant(tx, &observer, id, &who(stranger), now)).await;
        assert_eq!(refused.unwrap_err().code(), "forbidden");
    }

    async fn an_organization_has_one_owner_and_every_change_stands_in_the_log(store: Store) {
        let house = House::new(store).await;
        let id = acme(&house, None).await;
        let (a, b) = (contact(&house, "А", "a@acme.test", "Acme").await, contact(&house, "Б", "b@acme.test", "Acme").await);
        let first = grant(&house, id, AuthorisedForm { is_owner: Some(true), ..who(a) }).await.unwrap();
        let second = grant(&house, id, AuthorisedForm { is_owner: Some(true), may_approve: Some(true), ..who(b) }).await.unwrap();
        let owners: Vec<(ContactId, bool)> = on_list(&house, id).await.iter().map(|one| (one.contact_id, one.is_owner)).collect();
        assert_eq!(owners, [(b, true), (a, false)]);
        let late = AuthorisedForm { version: Some(first.version), may_approve: Some(true), ..AuthorisedForm::default() };
        assert_eq!(edit(&house, first.id, late).await.unwrap_err().code(), "ticket_changed");
        let backwards = AuthorisedForm { until: Some(Some(Time(1))), ..AuthorisedForm::default() };
        assert_eq!(edit(&house, second.id, backwards).await.unwrap_err().code(), "validation");
        let (anna, now) = (house.anna.clone(), house.now);
        house.write(move |tx| authorised::revoke(tx, &anna, second.id, now)).await.unwrap();
        // Who leaves the organization leaves the list.
        let (anna, now) = (house.anna.clone(), house.now);
        let leaves = ContactChange { organization: Some(String::new()), ..ContactChange::default() };
        house.write(move |tx| contacts::change(tx, &anna, a, &leaves, now)).await.unwrap();
        assert!(on_list(&house, id).await.is_empty());

        let ask = audit::Ask { text: "authorised_contact".into(), limit: 100, ..audit::Ask::default() };
        let admin = house.admin.clone();
        let log = house.store.read(move |tx| audit::list(tx, &admin, &ask)).await.unwrap().items;
        let kinds: Vec<(&str, &str)> = log.iter().rev().map(|e| (e.kind.split_once('.').unwrap().1, e.object.name.as_str())).collect();
        assert_eq!(kinds, [("created", "А"), ("changed", "А"), ("created", "Б"), ("deleted", "Б"), ("deleted", "А")]);
        let lost = log.iter().rev().nth(1).unwrap();
        assert_eq!((lost.before.clone().unwrap(), lost.after.clone().unwrap()), (serde_json::json!({"is_owner": true}), serde_json::json!({"is_owner": false})));
        assert_eq!(lost.actor.id, house.anna.agent.map(|a| a.0));
        assert!(log.last().unwrap().before.is_none() && log[0].after.is_none());
    }

    async fn a_signed_form_is_kept_and_shown_only_to_those_who_keep_contacts(store: Store) {
        let house = House::new(store).await;
        let id = acme(&house, None).await;
        let a = contact(&house, "А", "a@acme.test", "Acme").await;
        let upload = async |actor: &Actor| {
            let (actor, now) = (actor.clone(), house.now);
            let new = ("form.pdf", "application/pdf");
            house.write(move |tx| files::keep(tx, &actor, &NewFile { filename: new.0, content_type: new.1, content_id: None, inline: false, size: 3, digest: "d" }, now)).await.unwrap().id
        };
        let (hers, his) = (upload(&house.anna).await, upload(&house.boris).await);
        let stolen = grant(&house, id, AuthorisedForm { form_id: Some(Some(his)), ..who(a) }).await;
        assert_eq!(stolen.unwrap_err().code(), "validation", "another one's upload");
        let one = grant(&house, id, AuthorisedForm { form_id: Some(Some(hers)), ..who(a) }).await.unwrap();
        assert_eq!(one.form.unwrap().filename, "form.pdf");
        let boris = house.boris.clone();
        assert!(house.store.read(move |tx| files::get(tx, &boris, hers)).await.is_ok(), "a colleague may read it");
        let observer = Actor { permissions: vec![Permission::TicketView], ..house.boris.clone() };
        assert_eq!(house.store.read(move |tx| files::get(tx, &observer, hers)).await.unwrap_err().code(), "forbidden");
        let (observer, now) = (Actor { permissions: vec![Permission::TicketView], ..house.boris.clone() }, house.now);
        assert!(house.store.read(move |tx| authorised::list(tx, &observer, id, now)).await.unwrap().items[0].form.is_none());
    }

    async fn a_stranger_is_marked_and_found_and_who_is_on_the_list_is_not(store: Store) {
        let house = House::new(store).await;
        let id = acme_with_a_list(&house, StrangerPolicy::Warn).await;
        let hers = writes(&house, "olga@acme.test", "1@c.test", "").await.row;
        assert_eq!((hers.entitlement, hers.status), (Some(Entitlement::Authorised), Status::New));
        assert!(house.open(hers.id).await.events.iter().all(|event| event.kind != "ticket.entitlement"), "that is nothing to tell");
        let theirs = writes(&house, "pavel@acme.test", "2@c.test", "").await.row;
        assert_eq!((theirs.entitlement, theirs.status), (Some(Entitlement::Stranger), Status::New));
        let nobodys = writes(&house, "x@other.test", "3@c.test", "").await.row;
        assert_eq!(nobodys.entitlement, None);
        for (q, expected) in [
            ("entitlement:stranger", vec![theirs.id]),
            ("entitlement:authorised,stranger", vec![hers.id, theirs.id]),
            ("entitlement:unknown", vec![nobodys.id]),
            ("-entitlement:stranger", vec![hers.id, nobodys.id]),
        ] {
            let page = house.page(&house.admin, q, "id", "", 10).await;
            assert_eq!((page.items.iter().map(|t| t.id).collect::<Vec<_>>(), page.total), (expected.clone(), expected.len() as i64), "{q}");
        }
        // A stranger's word in her ticket makes it one of a stranger.
        house.mail(&mail("petr@gone.test", "4@c.test", "Re: Вопрос", "In-Reply-To: <1@c.test>\n", "И мне")).await;
        assert_eq!(standing(&house, hers.id).await.0, Some(Entitlement::Stranger));
        let now = house.now;
        let admin = house.admin.clone();
        let shown = house.store.read(move |tx| entitlement::shown::of_ticket(tx, &admin, hers.id, now)).await.unwrap();
        assert_eq!(shown.strangers.iter().map(|s| s.address.as_str()).collect::<Vec<_>>(), ["petr@gone.test"]);
        assert_eq!(shown.contact.map(|c| (c.name, c.may_ask)), Some(("Ольга".to_owned(), true)));
        assert_eq!(shown.authorised.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["Олег Хозяин", "Ольга"]);
        assert_eq!(shown.organization.unwrap().id, id);
        // A machine's word is nobody's word.
        house.mail(&mail("robot@acme.test", "5@c.test", "Re: Вопрос", "In-Reply-To: <2@c.test>\nAuto-Submitted: auto-replied\n", "Отпуск")).await;
        assert_eq!(house.page(&house.admin, "entitlement:stranger", "id", "", 10).await.total, 2);
    }

    async fn nobody_is_a_stranger_where_nobody_was_named_or_nobody_cares(store: Store) {
        let house = House::new(store).await;
        let id = acme(&house, Some(StrangerPolicy::Hold)).await;
        assert_eq!(writes(&house, "pavel@acme.test", "1@c.test", "").await.row.entitlement, None, "nobody was named");
        let olga = contact(&house, "Ольга", "olga@acme.test", "Acme").await;
        let listed = grant(&house, id, AuthorisedForm { may_ask: Some(false), may_approve: Some(true), ..who(olga) }).await.unwrap();
        let approver = writes(&house, "olga@acme.test", "2@c.test", "").await.row;
        assert_eq!((approver.entitlement, approver.status), (Some(Entitlement::Stranger), Status::New), "who may approve may not ask; and without an owner nobody is held up");
        let ends = AuthorisedForm { may_ask: Some(true), since: Some(Time(0)), until: Some(Some(house.now)), ..AuthorisedForm::default() };
        edit(&house, listed.id, ends).await.unwrap();
        assert_eq!(writes(&house, "olga@acme.test", "3@c.test", "").await.row.entitlement, None, "the list is empty again");
        change(&house, id, OrganizationChange { stranger_policy: Some(Some(StrangerPolicy::Nothing)), ..OrganizationChange::default() }).await.unwrap();
        edit(&house, listed.id, AuthorisedForm { until: Some(None), ..AuthorisedForm::default() }).await.unwrap();
        assert_eq!(writes(&house, "pavel@acme.test", "4@c.test", "").await.row.entitlement, None, "nobody cares");
        // The department's rule counts where there is no other.
        change(&house, id, OrganizationChange { stranger_policy: Some(None), ..OrganizationChange::default() }).await.unwrap();
        assert_eq!(writes(&house, "pavel@acme.test", "5@c.test", "").await.row.entitlement, Some(Entitlement::Stranger));
        let (admin, now) = (house.admin.clone(), house.now);
        let rule = StrangerRule { policy: StrangerPolicy::Nothing, template_id: None };
        house.write(move |tx| entitlement::put_department_rule(tx, &admin, rule, now)).await.unwrap();
        assert_eq!(writes(&house, "pavel@acme.test", "6@c.test", "").await.row.entitlement, None);
        let (anna, now) = (house.anna.clone(), house.now);
        assert_eq!(house.write(move |tx| entitlement::put_department_rule(tx, &anna, rule, now)).await.unwrap_err().code(), "forbidden");
    }

    async fn a_held_ticket_waits_for_the_owner_whose_word_counts_once(store: Store) {
        let mut house = House::new(store).await;
        acme_with_a_list(&house, StrangerPolicy::Hold).await;
        let ticket = writes(&house, "Павел <pavel@acme.test>", "1@c.test", "").await.row;
        assert_eq!((ticket.entitlement, ticket.status, ticket.waiting_since), (Some(Entitlement::Held), Status::OnHold, None));
        assert_eq!(house.list(&house.admin, "entitlement:held").await.total, 1, "it is not lost");
        assert_eq!(house.list(&house.admin, "is:open").await.total, 1);
        let asked = question(&house).await.unwrap();
        assert_eq!((asked.to.address.as_str(), asked.asked.stranger.as_str(), asked.asked.locale.as_str()), ("oleg@acme.test", "Павел", "ru"));
        assert_eq!(asked.asked.organization, "Acme");
        // Whoever looks changes nothing; whoever writes on stays held.
        let (token, now) = (asked.token.clone(), house.now);
        assert_eq!(house.store.read(move |tx| hold::asked(tx, &token, now)).await.unwrap(), asked.asked);
        house.pass(60);
        house.mail(&mail("pavel@acme.test", "2@c.test", "Re: Вопрос", "In-Reply-To: <1@c.test>\n", "Ну что?")).await;
        let still = house.open(ticket.id).await;
        assert_eq!((still.row.entitlement, still.row.status, still.row.waiting_since), (Some(Entitlement::Held), Status::OnHold, None));
        assert!(question(&house).await.is_none(), "the owner is asked once");
        for forged in ["", "1-", "1-00", "x-y", &asked.token.replace('-', "0-"), &format!("{}0", asked.token)] {
            assert_eq!(decide(&house, forged, true).await.unwrap_err().code(), "link_expired", "{forged}");
        }
        decide(&house, &asked.token, true).await.unwrap();
        let free = house.open(ticket.id).await;
        assert_eq!((free.row.entitlement, free.row.status), (Some(Entitlement::Confirmed), Status::New));
        assert!(free.row.waiting_since.is_some(), "they wait for us again");
        let told = free.events.iter().rfind(|event| event.kind == "ticket.entitlement").unwrap();
        assert_eq!((told.actor.name.as_str(), &told.data["to"]), ("Олег Хозяин", &serde_json::json!("confirmed")));
        assert_eq!(decide(&house, &asked.token, false).await.unwrap_err().code(), "link_expired", "it counts once");
        house.mail(&mail("pavel@acme.test", "3@c.test", "Re: Вопрос", "In-Reply-To: <1@c.test>\n", "Спасибо")).await;
        assert_eq!(standing(&house, ticket.id).await, (Some(Entitlement::Confirmed), Status::New), "it stays said");
    }

    async fn a_refused_stranger_and_one_nobody_spoke_of_come_back_to_the_agents(store: Store) {
        let mut house = House::new(store).await;
        acme_with_a_list(&house, StrangerPolicy::Hold).await;
        let refused = writes(&house, "pavel@acme.test", "1@c.test", "").await.row.id;
        let asked = question(&house).await.unwrap();
        decide(&house, &asked.token, false).await.unwrap();
        assert_eq!(standing(&house, refused).await, (Some(Entitlement::Refused), Status::New));
        let forgotten = writes(&house, "petr@acme.test", "2@c.test", "").await.row.id;
        let asked = question(&house).await.unwrap();
        let due = house.store.read(timer::next_due).await.map_err(|e: opora_base::Error| e).unwrap().unwrap();
        assert_eq!(due, asked.until);
        // A moment before, nothing has happened; then the ticket goes back to work.
        let before = Time(due.0 - 1);
        house.write(move |tx| hold::over(tx, forgotten, before)).await.unwrap();
        assert_eq!(standing(&house, forgotten).await.0, Some(Entitlement::Held));
        house.now = due;
        assert_eq!(decide(&house, &asked.token, true).await.unwrap_err().code(), "link_expired");
        house.write(move |tx| hold::over(tx, forgotten, due)).await.unwrap();
        assert_eq!(standing(&house, forgotten).await, (Some(Entitlement::Stranger), Status::New));
        assert!(house.store.read(timer::next_due).await.map_err(|e: opora_base::Error| e).unwrap().is_none());
        house.mail(&mail("petr@acme.test", "3@c.test", "Re: Вопрос", "In-Reply-To: <2@c.test>\n", "Ау")).await;
        assert_eq!(standing(&house, forgotten).await, (Some(Entitlement::Stranger), Status::New), "nobody is asked twice by the rules");
    }

    async fn an_agent_may_vouch_or_ask_and_the_list_may_grow(store: Store) {
        let house = House::new(store).await;
        let id = acme_with_a_list(&house, StrangerPolicy::Warn).await;
        let known = writes(&house, "pavel@acme.test", "1@c.test", "").await.row;
        judge(&house, known.id, Verdict::Known).await.unwrap();
        assert_eq!(standing(&house, known.id).await, (Some(Entitlement::Confirmed), Status::New));
        let ask = audit::Ask { text: "entitlement".into(), limit: 5, ..audit::Ask::default() };
        let admin = house.admin.clone();
        let log = house.store.read(move |tx| audit::list(tx, &admin, &ask)).await.unwrap().items;
        assert_eq!((log[0].actor.id, log[0].after.clone().unwrap()), (house.anna.agent.map(|a| a.0), serde_json::json!({"entitlement": "confirmed"})));

        let asked = writes(&house, "petr@acme.test", "2@c.test", "").await.row;
        judge(&house, asked.id, Verdict::Ask).await.unwrap();
        assert_eq!(standing(&house, asked.id).await, (Some(Entitlement::Held), Status::OnHold));
        assert!(question(&house).await.is_some());
        let petr = asked.contact.id;
        grant(&house, id, who(petr)).await.unwrap();
        assert_eq!(standing(&house, asked.id).await, (Some(Entitlement::Authorised), Status::New), "they are on the list now");

        let hers = writes(&house, "olga@acme.test", "3@c.test", "").await.row;
        assert_eq!(judge(&house, hers.id, Verdict::Known).await.unwrap_err().code(), "validation", "there is no stranger");
        let observer = Actor { permissions: vec![Permission::TicketView], ..house.boris.clone() };
        let now = house.now;
        let looks = house.write(move |tx| entitlement::judge(tx, &observer, known.id, VerdictForm { verdict: Verdict::Refused }, now)).await;
        assert_eq!(looks.unwrap_err().code(), "forbidden");
    }

    async fn a_stranger_is_answered_once_and_never_a_machine(store: Store) {
        let mut house = House::new(store).await;
        acme_with_a_list(&house, StrangerPolicy::Answer).await;
        let ticket = writes(&house, "Павел <pavel@acme.test>", "1@c.test", "").await;
        let answers = |ticket: &Ticket| ticket.messages.iter().filter(|m| m.kind == MessageKind::Reply).count();
        assert_eq!((ticket.row.entitlement, ticket.row.status, answers(&ticket)), (Some(Entitlement::Stranger), Status::New, 1));
        assert!(ticket.row.waiting_since.is_some(), "they still wait for one of us");
        assert_eq!(ticket.row.last_author, "customer");
        let answer = ticket.messages.last().unwrap().clone();
        assert_eq!((answer.state, answer.recipients.to[0].address.as_str(), answer.author.kind.as_str()), (MessageState::Queued, "pavel@acme.test", "system"));
        assert!(answer.text.contains("в списке сотрудников"), "{}", answer.text);
        let letter = house.write(move |tx| mailroom::outgoing::load(tx, answer.id)).await.unwrap().unwrap();
        let raw = String::from_utf8(letter.compose(Vec::new()).unwrap()).unwrap();
        assert!(raw.contains("Auto-Submitted: auto-replied"), "{raw}");
        // Once a ticket, once a day a person; on the next day in another ticket.
        house.pass(60);
        house.mail(&mail("pavel@acme.test", "2@c.test", "Re: Вопрос", "In-Reply-To: <1@c.test>\n", "Спасибо")).await;
        assert_eq!(answers(&house.open(ticket.row.id).await), 1);
        assert_eq!(answers(&writes(&house, "pavel@acme.test", "3@c.test", "").await), 0, "two machines do not talk");
        house.pass(86_400);
        assert_eq!(answers(&writes(&house, "pavel@acme.test", "4@c.test", "").await), 1);
        for (from, id, header) in [("no-reply@acme.test", "5@c.test", ""), ("list@acme.test", "6@c.test", "X-Opora-Loop: 1\n")] {
            let theirs = writes(&house, from, id, header).await;
            assert_eq!((theirs.row.entitlement, answers(&theirs)), (Some(Entitlement::Stranger), 0), "{from}");
        }
    }

    async fn an_answer_by_itself_is_the_departments_template_or_none_with_holes(store: Store) {
        let house = House::new(store).await;
        acme_with_a_list(&house, StrangerPolicy::Answer).await;
        let template = async |body: &str, section: &str| {
            let (admin, now) = (house.admin.clone(), house.now);
            let form = TemplateForm { name: Some(body.into()), body_html: Some(format!("<p>{body}</p>")), section: Some(section.into()), ..TemplateForm::default() };
            house.write(move |tx| templates::create(tx, &admin, &form, now)).await.unwrap().id
        };
        let rule = async |template_id| {
            let (admin, now) = (house.admin.clone(), house.now);
            let rule = StrangerRule { policy: StrangerPolicy::Warn, template_id };
            house.write(move |tx| entitlement::put_department_rule(tx, &admin, rule, now)).await
        };
        assert_eq!(rule(Some(template("Моё", "own").await)).await.unwrap_err().code(), "validation", "a template of one's own");
        rule(Some(template("Обращение {{ticket.number}}", "shared").await)).await.unwrap();
        let ticket = writes(&house, "pavel@acme.test", "1@c.test", "").await;
        assert_eq!(ticket.messages[1].text.trim(), format!("Обращение {}", ticket.row.id));
        rule(Some(template("{{contact.name}}, ждите", "shared").await)).await.unwrap();
        let nameless = writes(&house, "petr@acme.test", "2@c.test", "").await;
        assert_eq!(nameless.messages.len(), 1, "nobody gets a letter with holes");
    }

    async fn two_contacts_made_one_share_what_one_may_and_two_again_do_not(store: Store) {
        let house = House::new(store).await;
        let id = acme_with_a_list(&house, StrangerPolicy::Warn).await;
        let pavel = contact(&house, "Павел", "pavel@acme.test", "Acme").await;
        let olga = on_list(&house, id).await[1].contact_id;
        let (anna, now) = (house.anna.clone(), house.now);
        let merged = house.write(move |tx| merge::merge(tx, &anna, Pair { keep: pavel, merge: olga }, now)).await.unwrap().id;
        assert_eq!(on_list(&house, id).await[1].contact_id, pavel);
        assert_eq!(writes(&house, "olga@acme.test", "1@c.test", "").await.row.entitlement, Some(Entitlement::Authorised));
        let (anna, now) = (house.anna.clone(), house.now);
        house.write(move |tx| merge::undo(tx, &anna, merged, now)).await.unwrap();
        assert_eq!(on_list(&house, id).await[1].contact_id, olga);
        assert_eq!(writes(&house, "pavel@acme.test", "2@c.test", "").await.row.entitlement, Some(Entitlement::Stranger));
    }
}
