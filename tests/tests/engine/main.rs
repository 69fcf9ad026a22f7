//! Stories of people and their devices on a simulated network, and of the whole engine beside real servers.

#![allow(clippy::unwrap_used)] // A failing step is the failure of the test.

mod account;
mod attachments;
mod attachments_bounds;
mod attachments_chaos;
mod attachments_kept;
mod backup;
mod blocking;
mod clearing;
mod convergence;
mod disappearing;
mod disappearing_hostile;
mod gallery;
mod history;
mod hostile_pictures;
mod inbox;
mod interaction;
mod lists;
mod messages;
mod outbox;
mod pictures;
mod preferences;
mod previews;
mod proxy;
mod receipts;
mod removals;
mod restart;
mod restore;
mod restore_report;
mod search;
mod sync;
mod sync_convergence;
mod sync_durable;
mod sync_pictures;
mod time;
mod voice;
