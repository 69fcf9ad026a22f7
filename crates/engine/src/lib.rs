//! One account's messenger: commands in, events out; an outbox that survives everything, an inbox that believes nothing.
//!
//! Owns: when something is sent, tried again and given up; what is fetched and how it is judged; what a shell sees.
//! Never: bytes on the wire (that is `protocol`), who is asked over which path (`network`), how rows are kept (`store`),
//! wording and pictures (the shells). Nothing here is global: ten engines run in one process without knowing of each
//! other.
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use engine::{Config, Engine, EngineParts, Mode, SystemClock, SystemEntropy};
//! # async fn open(store: Arc<store::Store>, network: Arc<dyn network::Network>, config: Config) -> Result<(), contract::Failure> {
//! let parts = EngineParts {
//!     config,
//!     store,
//!     network,
//!     clock: Arc::new(SystemClock::new()),
//!     entropy: Arc::new(SystemEntropy),
//!     websites: Arc::new(previews::Direct::new(previews::Reach::default())),
//!     ways_out: Default::default(),
//! };
//! let engine = Engine::open(parts).await?;
//! let mut events = engine.events();
//! let startup = engine.request(contract::GetStartup {}).await?;
//! while let Some(event) = events.next().await {
//!     // Ask again for whatever the event says has changed.
//! }
//! engine.close().await;
//! # Ok(())
//! # }
//! ```

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

mod attachments;
mod backups;
mod clock;
mod commands;
mod config;
mod core;
mod disappearing;
mod engine;
mod entropy;
mod events;
mod failure;
mod history;
mod in_use;
mod inbox;
mod known_clock;
mod member_proofs;
mod network_cache;
mod notify;
mod opening;
mod outbox;
mod percent;
mod pictures;
mod previews;
mod receipts;
mod reminder;
mod restore;
mod search_backlog;
mod sync;
mod typing;
mod unmuting;
mod view;
mod ways_out;

pub use attachments::{LARGEST_READ, Media, NewFile, safe_name};
pub use clock::{Clock, ManualClock, SystemClock};
pub use config::{Config, Mode};
pub use engine::{Engine, EngineParts};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use events::EventStream;
pub use network_cache::StoreCache;
pub use notify::{Notification, PollReport};
pub use opening::{Activity, Missing, OpenEngine, Opening, OpeningError, erase_unopened};
pub use ways_out::WaysOut;
