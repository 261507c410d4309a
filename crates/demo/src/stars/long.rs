//! The long thread: sixty messages about moving a bicycle shop to the platform, as onboarding really goes [S1.3].

use super::script::Script;
use super::who::{HELEN, PRIYA};
use crate::department::inbox;
use crate::model::{Department, Status};

/// The customer's words and the answer to them.
const ROUNDS: [(&str, &str); 30] = [
    (
        "Hi Helen, as agreed in the call we are moving Northwind Bikes to Vitrina before Christmas. About 2,300 items and nine years of orders. Where do we start?",
        "Hi Rachel, welcome! I am your contact from now on. Let us go in five steps: goods, customers, design, payments, opening day. Could you send me an export of the goods first?",
    ),
    (
        "Export attached to the shared folder. Some items have sizes, some frames have colours as well.",
        "Got it, thank you. Sizes become options. For frames with colours I suggest one product with two options, so that reviews stay together.",
    ),
    (
        "Makes sense. What about the 140 items we no longer sell but repair?",
        "Bring them as hidden goods. They will not show in the shop but can be put into an order by hand.",
    ),
    (
        "Perfect. When will the first import run?",
        "Tonight. You will have a list of anything that did not fit by tomorrow morning.",
    ),
    (
        "I see 2,261 items. 39 are missing?",
        "Correct, those have no article number. The list is in your folder. Fill in the numbers and I will run them alone.",
    ),
    ("Done, all 39 have numbers now.", "Imported. 2,300 of 2,300. Please look at ten items at random."),
    (
        "Looks good, but the weights are in grams where they should be kilos. A bike of 11,000 kg is a bit much.",
        "That would be a sturdy bike. Converted, please check again.",
    ),
    (
        "Better! Now pictures. We have them on an old server.",
        "If the file names are the article numbers, we can fetch them all at once. Are they?",
    ),
    (
        "Mostly. Around 200 are called DSC-something.",
        "Then let us fetch the rest first, and you rename the 200 when there is time. Missing pictures show as a grey bicycle, not an error.",
    ),
    ("The grey bicycle is rather charming.", "Our designer will be glad to hear that. 2,094 pictures are in."),
    (
        "Next: customers. 18,400 of them. Can we bring passwords?",
        "No, and we should not. They get a link to set a new one when they first sign in. I will prepare the mail for you to read before anything is sent.",
    ),
    ("Please do not send anything before I have seen it.", "Promised. The draft is in your folder."),
    (
        "Two changes: say \"riders\" instead of \"users\", and sign it with my name.",
        "Changed. I have sent it to you alone as a test.",
    ),
    (
        "Received, it reads well. One question: do they keep their loyalty points?",
        "They do. Points came with the customers, rounded down to whole ones.",
    ),
    ("Rounded up would be friendlier.", "Rounded up it is. It costs you about 90 points in total, I counted."),
    (
        "Worth it. Design now. Our agency asks for access to the template.",
        "Are they on your list of contacts? If you add them, I can give them a key for the template only.",
    ),
    (
        "Added: the agency is in the list as of today.",
        "Thank you, access is out. They can edit the copy, and nothing goes live before you press Publish.",
    ),
    (
        "They want to know whether the header may be 120 pixels on a phone.",
        "It may, but the basket button then slides under the fold on small phones. 88 would be safer.",
    ),
    (
        "88 it is. They are surprised that support knows such things.",
        "We test on eleven phones, the smallest one is my own.",
    ),
    (
        "Payments: our bank needs the address of the callback.",
        "It is in your settings under Payments, the second line. I have put it into the folder as well.",
    ),
    (
        "Bank says the certificate is fine but they get a 409.",
        "That means that they send the same test twice. Priya from our technical team will look with me today.",
    ),
    (
        "They insist that they send it once.",
        "Priya has the log: two requests, 80 milliseconds apart, same number. I have put the excerpt into your folder for the bank.",
    ),
    (
        "You were right. They found a retry on their side. Payment test passed!",
        "Great news. Please make one real payment of one pound and refund it.",
    ),
    ("Paid and refunded. It took four seconds.", "Lovely. One step left: opening day. Which date do you have in mind?"),
    (
        "Tuesday the 24th, early. Mondays are for repairs.",
        "Tuesday at 7 it is. The freeze of the old shop begins on Monday at 22, I will move the last orders during the night.",
    ),
    (
        "What can go wrong?",
        "Mostly the domain: some people will see the old shop for a few hours. We leave a note there with a link. Everything else we have rehearsed.",
    ),
    (
        "Could we rehearse the night once more?",
        "Yes, this Thursday. We do everything except the domain and compare the totals in the morning.",
    ),
    (
        "Totals of the rehearsal: 31 orders on both sides. I am getting calmer.",
        "Then my work is nearly done. Enjoy the weekend, and tell your team that two of us are on duty from 6 on Tuesday.",
    ),
    (
        "One last thing: the training you promised for our five people?",
        "Booked for Friday at 10, ninety minutes. Please send me their questions beforehand, so that we spend the time on those.",
    ),
    (
        "Questions sent, there are fourteen. Thank you Helen, I have never moved house this calmly.",
        "Thank you, Rachel. I have them all, and number nine is my favourite. I will come back to you on Tuesday at 6 with the first coffee.",
    ),
];

pub(super) fn script(department: &Department) -> Script<'_> {
    let mut script =
        Script::new(department, "long-en", inbox::PLATFORM_EN, 11, "Moving Northwind Bikes to Vitrina: step by step")
            .tags(&["переезд", "премиум"]);
    for (round, (asked, answered)) in ROUNDS.iter().enumerate() {
        let gap = 140 + (round as i64 * 577) % 900;
        script = script.customer(gap, &format!("{asked}¶Rachel"));
        if round == 0 {
            script = script.take(20, HELEN);
        }
        if round == 20 {
            script = script.note(12, HELEN, "Priya, the bank gets a 409 on the payment callback of northwindbikes.example. Could you look at the log with me?");
            script = script.note(
                31,
                PRIYA,
                "Two requests with the same number, 80 ms apart. It is their retry. Excerpt in the folder.",
            );
        }
        script = script.reply(35 + (round as i64 * 13) % 90, HELEN, answered, Status::Waiting);
    }
    script.ended(420)
}
