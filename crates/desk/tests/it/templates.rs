//! Templates: who may use and change them, how they are filled, and that nothing unfilled is sent.

use crate::house::{House, mail};
use opora_base::Store;
use opora_desk::templates::{self, Filled, Template, TemplateForm};
use opora_desk::{Actor, Result, TicketId, contacts};
use opora_testkit::engines;

fn form(name: &str, body: &str, section: &str) -> TemplateForm {
    TemplateForm {
        name: Some(name.into()),
        shortcut: Some("где".into()),
        body_html: Some(body.into()),
        section: Some(section.into()),
        ..TemplateForm::default()
    }
}

async fn make(house: &House, actor: &Actor, form: TemplateForm) -> Result<Template> {
    let (actor, now) = (actor.clone(), house.now);
    house.write(move |tx| templates::create(tx, &actor, &form, now)).await
}

async fn filled(house: &House, actor: &Actor, id: i64, ticket: TicketId) -> Filled {
    let (actor, now) = (actor.clone(), house.now);
    house.write(move |tx| templates::fill(tx, &actor, id, ticket, "Europe/Moscow", now)).await.unwrap()
}

async fn names(house: &House, actor: &Actor, text: &str) -> Vec<String> {
    let (actor, text) = (actor.clone(), text.to_owned());
    let found = house.store.read(move |tx| templates::list(tx, &actor, &text)).await.unwrap();
    found.into_iter().map(|template| template.name).collect()
}

engines! {
    async fn a_template_speaks_of_the_ticket_and_says_what_it_does_not_know(store: Store) {
        let house = House::new(store).await;
        house.mail(&mail("Ольга <b>Ким</b> <olga@customer.test>", "1@c.test", "Где заказ?", "", "Жду")).await;
        let ticket = house.only_ticket().await.row;
        let body = "<p>{{contact.first_name}}, по «{{ticket.subject}}» (№{{ticket.number}}) для {{contact.organization}} отвечает {{agent.name}}, {{brand.name}}.</p>";
        let template = make(&house, &house.anna, form("Где заказ", body, "own")).await.unwrap();
        let first = filled(&house, &house.anna, template.id, ticket.id).await;
        assert_eq!(first.missing, ["contact.organization"]);
        assert!(first.body_html.contains("Ольга, по «Где заказ?»") && first.body_html.contains("Лавка"), "{}", first.body_html);
        let refused = house.say(&house.anna, ticket.id, "reply", "Для {{contact.organization}}").await.unwrap_err();
        assert_eq!(refused.code(), "unresolved_variable");
        house.say(&house.anna, ticket.id, "note", "Шаблон с {{contact.organization}} не подошёл").await.unwrap();

        let now = house.now;
        house.write(move |tx| contacts::join_organization(tx, ticket.contact.id, "Acme <Ltd>", now)).await.unwrap();
        let second = filled(&house, &house.anna, template.id, ticket.id).await;
        assert!(second.missing.is_empty() && second.body_html.contains("Acme &lt;Ltd&gt;"), "{}", second.body_html);
        house.say(&house.anna, ticket.id, "reply", "Готово").await.unwrap();
    }

    async fn own_templates_are_ones_own_and_shared_ones_need_leave(store: Store) {
        let house = House::new(store).await;
        let own = make(&house, &house.anna, form("Своё", "<p>Да</p>", "own")).await.unwrap();
        make(&house, &house.admin, form("Общее", "<p>Возврат денег</p><script>x()</script>", "shared")).await.unwrap();
        let team = TemplateForm { team_id: Some(house.team), ..form("Командное", "<p>Нет</p>", "team") };
        make(&house, &house.admin, team).await.unwrap();
        assert_eq!(names(&house, &house.anna, "").await, ["Командное", "Общее", "Своё"]);
        assert_eq!(names(&house, &house.boris, "").await, ["Общее"]);
        assert_eq!(names(&house, &house.boris, "денег возврат").await, ["Общее"]);
        assert!(names(&house, &house.boris, "script").await.is_empty(), "what is not said is not kept");
        assert_eq!(make(&house, &house.anna, form("Всем", "<p>x</p>", "shared")).await.unwrap_err().code(), "forbidden");
        let (boris, now) = (house.boris.clone(), house.now);
        let gone = house.write(move |tx| templates::delete(tx, &boris, own.id, now)).await.unwrap_err();
        assert_eq!(gone.code(), "not_found");
    }

    async fn what_is_used_most_comes_first_and_a_shortcut_before_all(store: Store) {
        let house = House::new(store).await;
        make(&house, &house.anna, form("Адрес", "<p>где мы</p>", "own")).await.unwrap();
        let second = TemplateForm { shortcut: Some("возврат".into()), ..form("Возврат", "<p>где деньги</p>", "own") };
        let second = make(&house, &house.anna, second).await.unwrap();
        house.write(move |tx| templates::used(tx, second.id)).await.unwrap();
        assert_eq!(names(&house, &house.anna, "").await, ["Возврат", "Адрес"]);
        assert_eq!(names(&house, &house.anna, "где").await, ["Адрес", "Возврат"]);
        for wrong in [
            TemplateForm { shortcut: Some("два слова".into()), ..form("x", "<p>x</p>", "own") },
            TemplateForm { locale: Some(Some("fr".into())), ..form("x", "<p>x</p>", "own") },
            form("x", "<p> </p>", "own"),
            form(" ", "<p>x</p>", "own"),
            form("x", "<p>x</p>", "public"),
        ] {
            assert_eq!(make(&house, &house.anna, wrong).await.unwrap_err().code(), "validation");
        }
    }
}
