//! Handing a message in over SMTP, the plain way, as a customer's mail program would.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Result, bail};

/// Hands a message in at a port of 127.0.0.1 and returns the server's last answer. Line ends must be CRLF.
pub fn hand_in(port: u16, from: &str, to: &[&str], raw: &[u8]) -> Result<String> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    answer(&mut reader, "220")?;
    let utf8 = if from.is_ascii() && to.iter().all(|to| to.is_ascii()) { "" } else { " SMTPUTF8" };
    let mut commands = vec!["EHLO customer.test".to_owned(), format!("MAIL FROM:<{from}>{utf8}")];
    commands.extend(to.iter().map(|to| format!("RCPT TO:<{to}>")));
    for command in commands {
        writer.write_all(format!("{command}\r\n").as_bytes())?;
        answer(&mut reader, "250")?;
    }
    writer.write_all(b"DATA\r\n")?;
    answer(&mut reader, "354")?;
    let mut stuffed = Vec::with_capacity(raw.len() + 16);
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        if line.starts_with(b".") {
            stuffed.push(b'.');
        }
        stuffed.extend_from_slice(line);
    }
    stuffed.extend_from_slice(if raw.ends_with(b"\r\n") { b".\r\n" } else { b"\r\n.\r\n" });
    writer.write_all(&stuffed)?;
    let accepted = answer(&mut reader, "250")?;
    writer.write_all(b"QUIT\r\n")?;
    Ok(accepted)
}

fn answer(reader: &mut impl BufRead, wanted: &str) -> Result<String> {
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            bail!("the server hung up");
        }
        if !line.starts_with(wanted) {
            bail!("wanted {wanted}, heard {line}");
        }
        if line.as_bytes().get(3) != Some(&b'-') {
            return Ok(line.trim_end().to_owned());
        }
    }
}
