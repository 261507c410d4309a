//! Takes connections until told to stop, then lets every request that began come to its end.
//!
//! A connection that does not say what it wants within a while is closed, so that idle strangers do not use up what the
//! system lends us. HTTP/1.1 only: whoever wants more puts a proxy before us.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tower::Service;

/// How long a connection may take to say what it wants, the first time and between two requests.
const HEADERS: Duration = Duration::from_secs(75);
/// How long requests may take to end once we stop.
const GRACE: Duration = Duration::from_secs(15);
/// The pause after the system refused us another connection (too many files are open).
const REFUSED: Duration = Duration::from_millis(250);

/// Serves `router` on `listener` until `shutdown` is done. Give the same signal to
/// [`AppState::stopping_with`](crate::AppState::stopping_with): live sockets are told by it.
///
/// # Errors
/// The listener cannot say where it listens: it is broken.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    let open = GracefulShutdown::new();
    tokio::pin!(shutdown);
    loop {
        let (stream, visitor) = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    if !is_the_visitors(&error) {
                        tracing::warn!(%error, "no further connection could be taken");
                        tokio::time::sleep(REFUSED).await;
                    }
                    continue;
                }
            },
        };
        tokio::spawn(open.watch(connection(stream, visitor, router.clone())));
    }
    drop(listener);
    if tokio::time::timeout(GRACE, open.shutdown()).await.is_err() {
        tracing::warn!(%address, "some requests did not end in time and were cut off");
    }
    Ok(())
}

fn connection(stream: TcpStream, visitor: SocketAddr, router: Router) -> impl GracefulConnection<Error: Send> + Send {
    // An answer that waits for the next one to fill a packet comes 40 ms late. If this fails, it only comes late.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(visitor));
        router.clone().call(request.map(Body::new))
    });
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
    builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned()
}

/// The other side went away before we took its connection: nothing of ours is wrong.
fn is_the_visitors(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(error.kind(), K::ConnectionRefused | K::ConnectionAborted | K::ConnectionReset)
}
