//! What is measured: each bench runs our code and what it cannot do without in turns and gives the ratio; with much
//! history, the times and the memory that a person notices.

pub mod backlog;
pub mod configs;
pub mod feed;
pub mod headless;
pub mod history;
pub mod junk;
pub mod memory;
pub mod restore;
pub mod scrolling;
pub mod seal_and_wrap;
pub mod store_rate;
