//! Prints some tickets of a department, for a person to read: `cargo run -p opora-demo --example read -- SEED COUNT`.

use opora_demo::Story;

/// Thursday, 19 November 2026, 15:00 in Moscow.
const NOW: i64 = 1_795_089_600_000_000;

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|argument| argument.parse::<u64>().ok());
    let (seed, count) = (arguments.next().unwrap_or(7), arguments.next().unwrap_or(8) as usize);
    let story = Story::new(seed, NOW, 2_000);
    for ticket in story.crowd().step_by(2_000 / count.max(1)) {
        println!("═══ {} ({}, {}) {:?}", ticket.subject, ticket.status.text(), ticket.priority.text(), ticket.tags);
        println!("{} <{}>", ticket.contact.name, ticket.contact.address);
        for step in &ticket.steps {
            println!(
                "── {} +{} min, {} files",
                step.kind.text(),
                (step.at - ticket.created_at) / 60_000_000,
                step.attachments.len()
            );
            println!("{}", step.text);
        }
    }
}
