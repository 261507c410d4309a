//! Takes connections until told to stop, then lets every request that began come to its end.

use axum::Router;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long requests may take to end once we stop.
const GRACE: Duration = Duration::from_secs(15);

/// Serves `router` on `listener` until `shutdown` is done. Give the same signal to
/// [`AppState::stopping_with`](crate::AppState::stopping_with), or live sockets are cut off after a quarter of a minute
/// instead of being told.
///
/// # Errors
/// The listener broke.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service: IntoMakeServiceWithConnectInfo<Router, SocketAddr> = router.into_make_service_with_connect_info();
    let (told, asked) = tokio::sync::oneshot::channel::<()>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        shutdown.await;
        // The other side is gone only when serving has ended already.
        let _ = told.send(());
    });
    tokio::select! {
        served = serving => served,
        () = async {
            // An error means that serving ended; the other branch answers.
            if asked.await.is_ok() { tokio::time::sleep(GRACE).await } else { std::future::pending().await }
        } => {
            tracing::warn!("some requests did not end in time and were cut off");
            Ok(())
        }
    }
}
