//! Logging in to a submission server: PLAIN and LOGIN with a password, XOAUTH2 with a token.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Reply, dialogue::Dialogue};
use crate::mail::{Code, Freshness, Login, Problem};

/// Logs in, if there is anything to log in with. `offered` is what EHLO said behind AUTH, in upper case.
pub(super) async fn log_in<T: AsyncRead + AsyncWrite + Unpin>(
    dialogue: &mut Dialogue<T>,
    offered: &[String],
    login: &Login,
) -> Result<(), Problem> {
    let offers = |mechanism: &str| offered.iter().any(|offer| offer == mechanism);
    let none_fits = || {
        let offered = if offered.is_empty() { "none".to_owned() } else { offered.join(", ") };
        Problem::new(Code::NoLoginMethod, format!("ways of logging in that the server offers: {offered}"))
    };
    match login {
        Login::None => Ok(()),
        Login::Password { user, password } if offers("PLAIN") => {
            let proof = BASE64.encode(format!("\0{user}\0{}", password.reveal()));
            let (reply, _) = dialogue.ask(&format!("AUTH PLAIN {proof}")).await?;
            verdict(reply)
        }
        Login::Password { user, password } if offers("LOGIN") => {
            let (reply, _) = dialogue.ask("AUTH LOGIN").await?;
            if !reply.is_intermediate() {
                return verdict(reply);
            }
            let (reply, _) = dialogue.ask(&BASE64.encode(user)).await?;
            if !reply.is_intermediate() {
                return verdict(reply);
            }
            let (reply, _) = dialogue.ask(&BASE64.encode(password.reveal())).await?;
            verdict(reply)
        }
        Login::Token { user, source } if offers("XOAUTH2") => {
            for freshness in [Freshness::Any, Freshness::New] {
                let token = source(freshness).await.map_err(|why| Problem::new(Code::NoToken, why))?;
                let proof = BASE64.encode(format!("user={user}\x01auth=Bearer {}\x01\x01", token.reveal()));
                let (mut reply, _) = dialogue.ask(&format!("AUTH XOAUTH2 {proof}")).await?;
                if reply.is_intermediate() {
                    // The server explains the failure in a challenge; an empty line asks for the verdict.
                    (reply, _) = dialogue.ask("").await?;
                }
                match verdict(reply) {
                    Err(problem) if problem.code == Code::WrongPassword && freshness == Freshness::Any => {}
                    verdict => return verdict,
                }
            }
            Err(none_fits())
        }
        Login::Password { .. } | Login::Token { .. } => Err(none_fits()),
    }
}

fn verdict(reply: Reply) -> Result<(), Problem> {
    match reply.code {
        235 => Ok(()),
        // RFC 4954: 504 is an unknown mechanism, 534 too weak, 538 only through TLS.
        504 | 534 | 538 => Err(Problem::new(Code::NoLoginMethod, reply.to_string())),
        _ if reply.is_permanent() => Err(Problem::new(Code::WrongPassword, reply.to_string())),
        _ => Err(Problem::new(Code::Busy, reply.to_string())),
    }
}
