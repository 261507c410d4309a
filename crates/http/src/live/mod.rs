//! The live socket: another person's work appears without a reload, counts stay exact, and everybody sees who looks at a
//! ticket and who types in it.
//!
//! The socket only says *that* a ticket changed; what it is now is asked over the API. A client that was away, or was let
//! go because it did not keep up, loads its list and its open ticket afresh. Presence lives in this process only.

mod attendance;
mod follower;
mod hub;
mod presence;
mod socket;
mod wire;

pub(crate) use hub::Hub;
pub(crate) use socket::routes;
