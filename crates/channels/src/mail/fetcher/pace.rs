//! How long to wait after a failure: longer each time, never quite the same, and slowly when only a person can help.

use std::time::Duration;

use rand::Rng;

use super::Options;
use crate::mail::Code;

#[derive(Debug)]
pub(super) struct Pace {
    first: Duration,
    longest: Duration,
    settings: Duration,
    failures: u32,
}

impl Pace {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            first: options.first_pause,
            longest: options.longest_pause,
            settings: options.settings_pause,
            failures: 0,
        }
    }

    pub(super) fn went_well(&mut self) {
        self.failures = 0;
    }

    /// Whether the failure just counted is the first after something went well.
    pub(super) fn is_first_failure(&self) -> bool {
        self.failures == 1
    }

    /// The pause after a failure of this kind.
    pub(super) fn after(&mut self, code: Code) -> Duration {
        let doubled = self.first.saturating_mul(1u32.checked_shl(self.failures).unwrap_or(u32::MAX));
        self.failures = self.failures.saturating_add(1).min(31);
        let longest = if needs_a_person(code) { self.settings } else { doubled.min(self.longest) };
        longest.mul_f64(rand::rng().random_range(0.5..1.0))
    }
}

/// Asking again soon would only lock the account.
fn needs_a_person(code: Code) -> bool {
    matches!(
        code,
        Code::WrongPassword
            | Code::NoLoginMethod
            | Code::BadSettings
            | Code::Certificate
            | Code::NoStartTls
            | Code::NoFolder
            | Code::NoToken
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_to_its_limit_and_starts_anew_after_success() {
        let options = Options {
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
            ..Options::default()
        };
        let mut pace = Pace::new(&options);
        let pauses: Vec<_> = (0..50).map(|_| pace.after(Code::Disconnected).as_secs_f64()).collect();
        assert!((0.5..1.0).contains(&pauses[0]) && (1.0..2.0).contains(&pauses[1]), "{pauses:?}");
        assert!(pauses.iter().all(|&pause| pause < 60.0) && pauses[40] >= 30.0, "{pauses:?}");
        pace.went_well();
        assert!(pace.after(Code::Disconnected).as_secs_f64() < 1.0);
    }

    #[test]
    fn a_wrong_password_is_not_tried_again_soon() {
        let mut pace = Pace::new(&Options::default());
        assert!(pace.after(Code::WrongPassword) >= Duration::from_secs(5 * 60));
    }
}
