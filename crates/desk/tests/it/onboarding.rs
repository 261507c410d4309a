//! Taking a customer in: lists of steps, who does them, by which day.

use crate::agreements::{named, organization};
use crate::house::House;
use opora_base::Store;
use opora_desk::OrganizationId;
use opora_desk::contacts::organizations::{self, OrganizationChange};
use opora_desk::notifications::{self, NotificationSettings};
use opora_desk::onboarding::steps::{self, OnboardingStart, OnboardingStep, StepForm};
use opora_desk::onboarding::templates::{self, OnboardingTemplate, OnboardingTemplateForm, Responsible, TemplateStep};
use opora_testkit::engines;

fn step(title: &str, responsible: Responsible, after_days: i64) -> TemplateStep {
    TemplateStep { title: title.into(), responsible, agent_id: None, after_days }
}

async fn list(house: &House, name: &str, steps: Vec<TemplateStep>) -> opora_desk::Result<OnboardingTemplate> {
    let (admin, now) = (house.admin.clone(), house.now);
    let form = OnboardingTemplateForm { name: Some(name.into()), steps: Some(steps), ..Default::default() };
    house.write(move |tx| templates::create(tx, &admin, &form, now)).await
}

async fn begin(house: &House, id: OrganizationId, template: i64) -> opora_desk::Result<Vec<OnboardingStep>> {
    let (anna, now) = (house.anna.clone(), house.now);
    let form = OnboardingStart { template_id: template, start_on: Some("2026-11-20".into()) };
    house.write(move |tx| steps::start(tx, &anna, id, &form, now)).await
}

async fn put(house: &House, id: i64, form: StepForm) -> opora_desk::Result<OnboardingStep> {
    let (anna, now) = (house.anna.clone(), house.now);
    house.write(move |tx| steps::change(tx, &anna, id, &form, now)).await
}

engines! {
    async fn steps_go_to_those_responsible_by_their_days_and_late_ones_are_seen(store: Store) {
        let mut house = House::new(store).await;
        let boris = house.boris.agent.unwrap();
        let template = list(&house, "Новый клиент", vec![
            step("Выдать ключ", Responsible::AccountManager, 0),
            TemplateStep { agent_id: Some(boris), ..step("Настроить сайт", Responsible::Agent, 3) },
            step("Позвонить", Responsible::Nobody, 11),
        ]).await.unwrap();
        let acme = organization(&house, OrganizationChange { account_manager_id: Some(house.anna.agent), ..named("Acme") }).await.id;
        let begun = begin(&house, acme, template.id).await.unwrap();
        let facts: Vec<_> = begun.iter().map(|s| (s.agent_id, s.due_on.as_str())).collect();
        assert_eq!(facts, [(house.anna.agent, "2026-11-20"), (Some(boris), "2026-11-23"), (None, "2026-12-01")]);
        assert_eq!(begin(&house, acme, template.id).await.unwrap_err().code(), "validation", "it is begun already");

        // 23 November, 22:00 in London: in Vladivostok the 24th has begun.
        house.now = opora_base::Time::parse("2026-11-23T22:00:00Z").unwrap();
        let late = async |house: &House| {
            let (anna, now) = (house.anna.clone(), house.now);
            let steps = house.store.read(move |tx| steps::to_do(tx, &anna, false, now)).await.unwrap();
            let rows = { let anna = house.anna.clone(); house.store.read(move |tx| organizations::list(tx, &anna, "", "", 10, now)).await.unwrap() };
            assert_eq!(rows.items[0].onboarding_overdue, steps.iter().filter(|s| s.overdue).count() as i64);
            steps.into_iter().filter(|s| s.overdue).map(|s| s.title).collect::<Vec<_>>()
        };
        assert_eq!(late(&house).await, ["Выдать ключ"]);
        let far = NotificationSettings { time_zone: "Asia/Vladivostok".into(), ..NotificationSettings::default() };
        let anna = house.anna.clone();
        house.write(move |tx| notifications::put_settings(tx, &anna, &far)).await.unwrap();
        assert_eq!(late(&house).await, ["Выдать ключ", "Настроить сайт"]);

        let done = put(&house, begun[0].id, StepForm { done: Some(true), ..StepForm::default() }).await.unwrap();
        assert_eq!((done.done_by, done.done_at, done.overdue), (house.anna.agent, Some(house.now), false));
        assert_eq!(late(&house).await, ["Настроить сайт"]);
        let mine = { let (boris, now) = (house.boris.clone(), house.now); house.store.read(move |tx| steps::to_do(tx, &boris, true, now)).await.unwrap() };
        assert_eq!(mine.iter().map(|s| s.title.as_str()).collect::<Vec<_>>(), ["Настроить сайт"]);
        let undone = put(&house, begun[0].id, StepForm { done: Some(false), ..StepForm::default() }).await.unwrap();
        assert_eq!((undone.done_by, undone.overdue), (None, true));
        let stale = put(&house, begun[0].id, StepForm { version: Some(1), done: Some(true), ..StepForm::default() }).await;
        assert_eq!(stale.unwrap_err().code(), "ticket_changed");
    }

    async fn a_list_is_checked_and_changing_it_changes_nobodys_work(store: Store) {
        let house = House::new(store).await;
        for (name, steps) in [
            ("x", vec![]),
            (" ", vec![step("a", Responsible::Nobody, 0)]),
            ("x", vec![step(" ", Responsible::Nobody, 0)]),
            ("x", vec![step("a", Responsible::Agent, 0)]),
            ("x", vec![step("a", Responsible::Nobody, -1)]),
        ] {
            assert_eq!(list(&house, name, steps).await.unwrap_err().code(), "validation");
        }
        let template = list(&house, "Ввод", vec![step("Первое", Responsible::Nobody, 0)]).await.unwrap();
        let acme = organization(&house, named("Acme")).await.id;
        begin(&house, acme, template.id).await.unwrap();
        let (admin, now) = (house.admin.clone(), house.now);
        let form = OnboardingTemplateForm { steps: Some(vec![step("Другое", Responsible::Nobody, 0)]), ..Default::default() };
        house.write(move |tx| templates::change(tx, &admin, template.id, &form, now)).await.unwrap();
        let (admin, now) = (house.admin.clone(), house.now);
        house.write(move |tx| templates::delete(tx, &admin, template.id, now)).await.unwrap();
        let (anna, now) = (house.anna.clone(), house.now);
        let steps = house.store.read(move |tx| steps::of(tx, &anna, acme, now)).await.unwrap();
        assert_eq!(steps.iter().map(|s| s.title.as_str()).collect::<Vec<_>>(), ["Первое"]);
    }
}
