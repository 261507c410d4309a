//! An LMTP client as small as a mail server's: one connection, one message after another.

use std::io::{BufRead, BufReader, Error, ErrorKind, Result, Write};
use std::net::TcpStream;
use std::time::Duration;

pub struct Lmtp {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
}

impl Lmtp {
    pub fn connect(port: u16) -> Result<Lmtp> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let mut lmtp = Lmtp { reader: BufReader::new(stream.try_clone()?), writer: stream };
        lmtp.answer("220")?;
        lmtp.command("LHLO test", "250")?;
        Ok(lmtp)
    }

    /// Hands a message over; `Ok` means that the server said 250.
    pub fn deliver(&mut self, from: &str, to: &str, raw: &str) -> Result<()> {
        self.command(&format!("MAIL FROM:<{from}>"), "250")?;
        self.command(&format!("RCPT TO:<{to}>"), "250")?;
        self.command("DATA", "354")?;
        self.writer.write_all(format!("{raw}\r\n.\r\n").as_bytes())?;
        self.answer("250")
    }

    fn command(&mut self, line: &str, wanted: &str) -> Result<()> {
        self.writer.write_all(format!("{line}\r\n").as_bytes())?;
        self.answer(wanted)
    }

    fn answer(&mut self, wanted: &str) -> Result<()> {
        loop {
            let mut line = String::new();
            if self.reader.read_line(&mut line)? == 0 {
                return Err(Error::new(ErrorKind::UnexpectedEof, "hung up"));
            }
            if !line.starts_with(wanted) {
                return Err(Error::other(line));
            }
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(());
            }
        }
    }
}
