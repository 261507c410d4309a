//! Mail as customers write it: two alternatives, two languages, a quote below, 2–8 KB, no two alike. The same seed gives
//! the same mail.

use std::fmt::Write;

/// A message ready for the wire.
pub struct Message {
    pub from: String,
    pub to: String,
    pub raw: Vec<u8>,
}

/// Writes messages from a seed.
pub struct Writer {
    seed: u64,
    state: u64,
    written: u64,
}

const RUSSIAN: [&str; 8] = [
    "Добрый день! Посылка по заказу так и не пришла, а в отслеживании уже неделю одно и то же.",
    "Подскажите, пожалуйста, когда вернутся деньги за отменённый заказ? Обещали в течение трёх дней.",
    "В коробке не оказалось зарядного устройства, хотя на фотографии оно есть.",
    "Курьер позвонил один раз и уехал. Можно перенести доставку на субботу после обеда?",
    "Размер не подошёл, хочу обменять на следующий, если он есть на складе.",
    "Промокод не применяется, хотя срок его действия ещё не закончился.",
    "Вчера писала вам в чат, мне ответили, что передали вопрос дальше, и тишина.",
    "Фотографии повреждений приложу следующим письмом, телефон их никак не отправит.",
];

const ENGLISH: [&str; 8] = [
    "The parcel was marked as delivered yesterday, but nobody at the reception has seen it.",
    "I was charged twice for the same order and would like one of the payments returned.",
    "Two of the batteries arrived leaking; the other items in the box are fine.",
    "Could you change the delivery address before it leaves the warehouse?",
    "The discount code from your newsletter is refused at the last step of the checkout.",
    "I have tried the steps from your previous answer and the device still does not start.",
    "Please send the invoice with our company's tax number on it, the one attached lacks it.",
    "It has been nine days since my last message and I have not heard anything back.",
];

impl Writer {
    /// A writer of its own words for each seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, written: 0 }
    }

    /// Messages to this address: two of three begin a conversation, each third answers one of its own before.
    /// Gives them with the number of conversations.
    pub fn stream(&mut self, count: usize, to: &str) -> (Vec<Message>, u64) {
        let mut begun: Vec<(String, u64)> = Vec::new();
        let messages = (0..count)
            .map(|index| {
                if index % 3 == 2 {
                    let (first, customer) = begun[self.below(begun.len())].clone();
                    self.message(customer, to, &[first])
                } else {
                    let customer = self.seed * 1_000_000 + self.below(400) as u64;
                    begun.push((self.next_id(), customer));
                    self.message(customer, to, &[])
                }
            })
            .collect();
        (messages, begun.len() as u64)
    }

    /// One conversation: each message answers the one before it. Many people take part in a long one: so many mails of
    /// one person within minutes would be taken for a machine's.
    pub fn conversation(&mut self, length: usize, to: &str) -> Vec<Message> {
        let (first, mut last) = (self.next_id(), self.next_id());
        (0..length)
            .map(|index| {
                let before = if index == 0 { Vec::new() } else { vec![first.clone(), last.clone()] };
                last = self.next_id();
                self.message(self.seed * 1_000_000 + index as u64 % 997, to, &before)
            })
            .collect()
    }

    /// The Message-ID of the message written next.
    fn next_id(&self) -> String {
        format!("<{:x}.{}@mail.customers.example>", self.seed, self.written)
    }

    fn message(&mut self, customer: u64, to: &str, references: &[String]) -> Message {
        let from = format!("customer{customer}@customers.example");
        let id = self.next_id();
        self.written += 1;
        let russian = self.below(2) == 0;
        let sentences = if russian { RUSSIAN } else { ENGLISH };
        let words = if russian { "Вопрос по заказу" } else { "Order" };
        let subject = format!("{} {}", header_words(words), self.written);
        let mut text = String::new();
        // A Russian letter is two bytes, and the words stand twice, as text and as HTML.
        let wanted = 700 + self.below(2800);
        while text.len() < wanted {
            let _ = write!(text, "{} ({})\r\n\r\n", sentences[self.below(sentences.len())], self.below(100_000));
        }
        let mut raw = format!(
            "Received: from mx.customers.example (mx.customers.example [192.0.2.7])\r\n\tby mail.opora.example; \
             Mon, 16 Nov 2026 10:00:00 +0300\r\n\
             From: \"Customer {customer}\" <{from}>\r\nTo: Support <{to}>\r\nSubject: {re}{subject}\r\n\
             Date: Mon, 16 Nov 2026 10:00:00 +0300\r\nMessage-ID: {id}\r\n",
            re = if references.is_empty() { "" } else { "Re: " },
        );
        if let Some(last) = references.last() {
            let _ = write!(raw, "In-Reply-To: {last}\r\nReferences: {}\r\n", references.join(" "));
        }
        let html = text.replace("\r\n\r\n", "</p>\r\n<p>");
        let _ = write!(
            raw,
            "MIME-Version: 1.0\r\nUser-Agent: Mozilla Thunderbird\r\n\
             Content-Type: multipart/alternative; boundary=\"=_b\"\r\n\r\n\
             --=_b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n\
             --=_b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
             <html><body><p>{html}</p></body></html>\r\n--=_b--\r\n"
        );
        Message { from, to: to.to_owned(), raw: raw.into_bytes() }
    }

    /// The next number of xorshift below this bound.
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state % bound.max(1) as u64) as usize
    }
}

/// The words as a header may carry them: each word that is not ASCII as an encoded word of its own.
fn header_words(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let encoded = |word: &str| word.bytes().fold(String::new(), |text, byte| text + &format!("={byte:02X}"));
    let words: Vec<String> = text.split(' ').map(|word| format!("=?utf-8?Q?{}_?=", encoded(word))).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_distinct_and_of_the_promised_size() {
        let (messages, conversations) = Writer::new(5).stream(300, "support@opora.example");
        assert_eq!(conversations, 200);
        let mut ids: Vec<String> = messages
            .iter()
            .map(|message| {
                assert!((2_000..9_000).contains(&message.raw.len()), "{} bytes", message.raw.len());
                let text = String::from_utf8_lossy(&message.raw).into_owned();
                text.lines().find(|line| line.starts_with("Message-ID: ")).unwrap_or_default().to_owned()
            })
            .collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 300);
    }
}
