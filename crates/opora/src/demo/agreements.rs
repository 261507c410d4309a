//! What the tale's department has agreed with its customers: two of them have plans, one has named who may ask, and somebody
//! it has not named has written.

use opora_base::{Time, Tx, params};
use opora_desk::contacts::agreement::OrganizationKey;
use opora_desk::contacts::locations::{self, LocationForm};
use opora_desk::contacts::organizations::{self, OrganizationChange};
use opora_desk::contacts::training::{self, TrainingForm};
use opora_desk::contacts::{self, AddressForm, AddressKind, ContactChange};
use opora_desk::entitlement::authorised::{self, AuthorisedForm};
use opora_desk::onboarding::steps::{self, OnboardingStart, StepForm};
use opora_desk::onboarding::templates::{self, OnboardingTemplateForm, Responsible, TemplateStep};
use opora_desk::{Actor, AgentId, ContactId, OrganizationId, Result, TicketId, entitlement, people, plans};

/// Agrees with the customers who write most.
pub(super) fn agree(tx: &mut Tx<'_>, manager: Option<AgentId>, now: Time) -> Result<()> {
    let system = Actor::system();
    people::setup::furnish(tx, now)?;
    let list = onboarding_list(tx, &system, now)?;
    let plans = plans::list(tx)?;
    let plan = |assigned: bool| plans.iter().find(|plan| plan.needs_account_manager == assigned).map(|plan| plan.id);
    let busy: Vec<(OrganizationId,)> = tx.query(
        "SELECT c.organization_id FROM ticket t JOIN contact c ON c.id = t.contact_id
         WHERE c.organization_id IS NOT NULL AND t.active = TRUE
         GROUP BY c.organization_id ORDER BY count(*) DESC, c.organization_id LIMIT 2",
        &[],
    )?;
    for (number, (id,)) in busy.into_iter().enumerate() {
        let first = number == 0;
        let change = OrganizationChange {
            plan_id: Some(plan(first)),
            account_manager_id: Some(manager.filter(|_| first)),
            vip: Some(first),
            modules: first.then(|| ["Касса", "Склад", "CRM"].map(str::to_owned).to_vec()),
            keys: first
                .then(|| vec![OrganizationKey { name: "Касса".to_owned(), value: "DEMO-7F3A-91C2".to_owned() }]),
            contract_since: Some(Some("2026-01-12".to_owned())),
            contract_until: Some(Some("2027-01-11".to_owned())),
            ..OrganizationChange::default()
        };
        organizations::change(tx, &system, id, &change, now)?;
        if first {
            a_whole_card(tx, &system, id, list, now)?;
        }
    }
    Ok(())
}

fn a_whole_card(tx: &mut Tx<'_>, system: &Actor, id: OrganizationId, list: i64, now: Time) -> Result<()> {
    for (name, address, zone) in [
        ("Магазин на Мира", "Екатеринбург, пр. Мира, 12", "Asia/Yekaterinburg"),
        ("Склад", "Москва, Складской пр., 4", "Europe/Moscow"),
    ] {
        let form = LocationForm {
            name: Some(name.to_owned()),
            address: Some(address.to_owned()),
            time_zone: Some(zone.to_owned()),
            ..LocationForm::default()
        };
        locations::create(tx, system, id, &form, now)?;
    }
    training::add(tx, system, id, &TrainingForm { minutes: -90, reason: "Урок: приёмка товара".to_owned() }, now)?;
    let start = now.minus(std::time::Duration::from_secs(6 * 86_400)).to_rfc3339();
    let begun = OnboardingStart { template_id: list, start_on: start.get(..10).map(str::to_owned) };
    let begun = steps::start(tx, system, id, &begun, now)?;
    if let Some(step) = begun.first() {
        steps::change(tx, system, step.id, &StepForm { done: Some(true), ..StepForm::default() }, now)?;
    }
    let organization = organizations::get(tx, system, id)?.name;
    let owner = ContactChange {
        name: Some("Виктор Северов".to_owned()),
        organization: Some(organization),
        addresses: Some(vec![AddressForm { kind: AddressKind::Mail, address: format!("director@org{id}.example") }]),
        ..ContactChange::default()
    };
    let owner = contacts::create(tx, system, &owner, now)?.id;
    let people: Vec<(ContactId,)> = tx.query(
        "SELECT c.id FROM contact c WHERE c.organization_id = $1 AND c.id <> $2 ORDER BY
           (SELECT count(*) FROM ticket t WHERE t.contact_id = c.id AND t.active = TRUE), c.id LIMIT 40",
        params![id, owner],
    )?;
    // Whoever has written most of late is the one nobody has named.
    let named = people.len().saturating_sub(1);
    let named = std::iter::once(owner).chain(people.iter().take(named).map(|(contact,)| *contact));
    for (number, contact) in named.enumerate() {
        let form = AuthorisedForm {
            contact_id: Some(contact),
            is_owner: Some(number == 0),
            may_approve: Some(number == 0),
            may_see_colleagues: Some(number == 0),
            ..AuthorisedForm::default()
        };
        authorised::grant(tx, system, id, &form, now)?;
    }
    let open: Vec<(TicketId,)> = tx.query(
        "SELECT t.id FROM ticket t JOIN contact c ON c.id = t.contact_id WHERE c.organization_id = $1 AND t.active = TRUE
         ORDER BY t.id DESC LIMIT 20",
        params![id],
    )?;
    for (ticket,) in open {
        entitlement::weigh_again(tx, ticket, now)?;
    }
    Ok(())
}

fn onboarding_list(tx: &mut Tx<'_>, system: &Actor, now: Time) -> Result<i64> {
    let step = |title: &str, responsible, after_days| TemplateStep {
        title: title.to_owned(),
        responsible,
        agent_id: None,
        after_days,
    };
    let form = OnboardingTemplateForm {
        name: Some("Новый клиент".to_owned()),
        steps: Some(vec![
            step("Выдать ключ и включить модули", Responsible::AccountManager, 1),
            step("Получить подписанный список тех, кто может обращаться", Responsible::AccountManager, 3),
            step("Провести вводный урок", Responsible::Nobody, 10),
            step("Позвонить и спросить, всё ли работает", Responsible::AccountManager, 30),
        ]),
        ..OnboardingTemplateForm::default()
    };
    Ok(templates::create(tx, system, &form, now)?.id)
}
