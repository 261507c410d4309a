//! The two plans a department begins with [S2.1], in its own language. They are made once: who removes one does not find it
//! again after the next start.

use super::{PlanAssignee, PlanForm, insert};
use crate::Result;
use opora_base::{Time, Tx, params, setting};

const FURNISHED: &str = "plans.furnished";

/// Makes the first plans, once, as soon as it is known in which language.
pub fn ensure_presets(tx: &mut Tx<'_>, now: Time) -> Result<()> {
    if setting::get(tx, FURNISHED)?.unwrap_or(false) {
        return Ok(());
    }
    let spoken: Option<String> = tx.opt("SELECT locale FROM agent ORDER BY id LIMIT 1", &[])?;
    let Some(locale) = spoken else { return Ok(()) };
    for form in presets(&locale) {
        let name = form.name.clone().unwrap_or_default().to_lowercase();
        let known: Option<i64> = tx.opt("SELECT 1 FROM plan WHERE name_key = $1", params![&name])?;
        if known.is_none() {
            insert(tx, &form, now)?;
        }
    }
    setting::put(tx, FURNISHED, &true)?;
    Ok(())
}

fn presets(locale: &str) -> [PlanForm; 2] {
    let words = |russian: &str, english: &str| Some(if locale == "ru" { russian } else { english }.to_owned());
    [
        PlanForm {
            name: words("Стандарт", "Standard"),
            contact_quota: Some(Some(5)),
            customer_text: words("Отвечаем в течение 8 рабочих часов.", "We answer within 8 working hours."),
            ..PlanForm::default()
        },
        PlanForm {
            name: words("Премиум", "Premium"),
            contact_quota: Some(None),
            training_minutes: Some(240),
            discount_percent: Some(10),
            needs_account_manager: Some(true),
            assignee: Some(PlanAssignee::AccountManager),
            customer_text: words(
                "Отвечаем в течение 4 рабочих часов. У вас есть личный менеджер, 4 часа обучения в год и скидка 10 % на платные работы.",
                "We answer within 4 working hours. You have an account manager of your own, 4 hours of training a year and 10% off paid work.",
            ),
            ..PlanForm::default()
        },
    ]
}
