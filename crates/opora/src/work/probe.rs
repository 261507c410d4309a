//! Tries the servers of an inbox for whoever sets it up, and says in words what is wrong.

use super::login;
use futures::FutureExt;
use futures::future::BoxFuture;
use opora_base::secret::MasterKey;
use opora_channels::mail::fetcher;
use opora_channels::mail::sender::Sender;
use opora_channels::mail::{Code, Endpoint, Language, Login, Problem, Secret, TlsTrust};
use opora_http::{Check, Probe, Step, Trial};
use std::time::Duration;

/// Nobody looks at a spinning wheel longer.
const PATIENCE: Duration = Duration::from_secs(20);
const STEPS: [&str; 5] = ["address", "connect", "tls", "login", "ready"];

/// Reaches mail servers with the department's own trust.
pub struct Trials {
    key: MasterKey,
    sender: Sender,
    trust: TlsTrust,
}

impl Trials {
    /// Trials with this key to kept passwords.
    pub fn new(key: MasterKey, sender: Sender, trust: TlsTrust) -> Trials {
        Trials { key, sender, trust }
    }
}

impl Probe for Trials {
    fn try_out(&self, trial: Trial) -> BoxFuture<'static, Check> {
        let (key, sender, trust) = (self.key.clone(), self.sender.clone(), self.trust.clone());
        async move {
            let language = if trial.russian { Language::Russian } else { Language::English };
            let attempt = tokio::time::timeout(PATIENCE, attempt(&trial, &key, &sender, trust));
            let outcome = attempt.await.unwrap_or_else(|_| Err(Problem::new(Code::Timeout, "no answer in time")));
            check(outcome.err().as_ref(), language)
        }
        .boxed()
    }
}

async fn attempt(trial: &Trial, key: &MasterKey, sender: &Sender, trust: TlsTrust) -> Result<(), Problem> {
    let bad = |detail: String| Problem::new(Code::BadSettings, detail);
    let endpoint: Endpoint = trial.url.parse().map_err(|error| bad(format!("{error}")))?;
    let login = match (&endpoint.user, &trial.password) {
        (Some(user), Some(password)) if !password.trim_start().starts_with('{') => {
            Login::Password { user: user.clone(), password: Secret::new(password) }
        }
        (Some(_), Some(grant)) => {
            // A grant for access tokens is opened where every stored one is.
            let sealed = key.seal("trial", grant.as_bytes()).map_err(|error| bad(format!("{error}")))?;
            login::of(&endpoint, Some(&("trial".to_owned(), sealed)), key).map_err(|error| bad(format!("{error:#}")))?
        }
        _ => login::of(&endpoint, trial.sealed.as_ref(), key)
            .map_err(|error| Problem::new(Code::WrongPassword, format!("{error:#}")))?,
    };
    if trial.url.starts_with("imap") {
        let options = fetcher::Options { trust, ..fetcher::Options::default() };
        fetcher::check(&endpoint, &login, &options).await.map(|_| ())
    } else {
        sender.check(&endpoint, &login).await
    }
}

/// The steps up to the one that went wrong.
fn check(problem: Option<&Problem>, language: Language) -> Check {
    let Some(problem) = problem else {
        let steps = STEPS.iter().map(|step| Step { step, ok: true, detail: String::new() }).collect();
        return Check { ok: true, code: None, steps };
    };
    let reached = match problem.code {
        Code::BadSettings | Code::BadAddress => 0,
        Code::HostNotFound | Code::Unreachable | Code::Timeout | Code::ConnectionRefused | Code::Protocol => 1,
        Code::Certificate | Code::Tls | Code::NoStartTls => 2,
        Code::WrongPassword | Code::NoLoginMethod | Code::NoToken | Code::LoginNeeded => 3,
        _ => 4,
    };
    let step = |(i, step): (usize, &&'static str)| Step {
        step,
        ok: i < reached,
        detail: if i < reached { String::new() } else { problem.sentence(language).to_owned() },
    };
    let steps = STEPS.iter().enumerate().take(reached + 1).map(step).collect();
    Check { ok: false, code: Some(problem.code.as_str().to_owned()), steps }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_stops_at_the_step_that_went_wrong() {
        let wrong = Problem::new(Code::WrongPassword, "535");
        let check = check(Some(&wrong), Language::Russian);
        assert!(!check.ok);
        assert_eq!(check.code.as_deref(), Some("mail_wrong_password"));
        let steps: Vec<(&str, bool)> = check.steps.iter().map(|step| (step.step, step.ok)).collect();
        assert_eq!(steps, [("address", true), ("connect", true), ("tls", true), ("login", false)]);
        assert!(!check.steps[3].detail.is_empty());
    }
}
