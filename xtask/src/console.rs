//! What the developer sees around the output of the programs that run: headings, results and times.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// How wide headings and tables are.
pub const WIDTH: usize = 100;

/// A line that stands out from the output before and after it.
pub fn heading(text: &str) {
    let rule = "─".repeat(WIDTH.saturating_sub(text.chars().count() + 4));
    say(&format!("\n{} {rule}", bold(&format!("── {text}"))));
}

/// Prints a line at once, also where standard output is a pipe that keeps text back.
pub fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// Bold on a terminal, plain in a log.
pub fn bold(text: &str) -> String {
    if io::stdout().is_terminal() { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

/// `0.3 s`, `42 s`, `3:05 min`.
pub fn duration(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{}:{:02} min", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_the_unit_a_person_would_use() {
        assert_eq!(duration(Duration::from_millis(340)), "0.3 s");
        assert_eq!(duration(Duration::from_secs(42)), "42 s");
        assert_eq!(duration(Duration::from_secs(185)), "3:05 min");
    }
}
