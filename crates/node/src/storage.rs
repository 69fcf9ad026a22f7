//! Keeping messages: the database, who may do what, and running requests on one node and on its whole swarm.
//!
//! [`StorageService`] is one node without sockets or a clock: it gets requests and the time and gives answers. What the
//! other members of its swarm do comes in through [`Swarm`]; a real node reaches them over its peer link, a simulated one
//! calls them directly. [`SwarmStorage`] is the service behind the seam to the carrying half.
//!
//! Spec: storage §10 to §12

mod answer;
mod checks;
mod database;
mod distribute;
mod local;
mod service;
mod service_nodes;
mod swarm_storage;
mod writer;

pub use answer::{RpcAnswer, RpcBody};
pub use database::{Database, DatabaseError, Kept};
pub use distribute::{Swarm, handle, handle_forwarded, handle_request};
pub use service::StorageService;
pub(crate) use service_nodes::service_nodes;
pub use swarm_storage::{OpenError, SwarmStorage};
pub use writer::NotKept;
