//! The acceptance flows, one test a flow, in the real app.

mod attachments;
mod crash;
mod interaction;
mod lists;
mod messages;
mod network;
mod onboarding;
mod peers;
mod profile;
mod requests;
mod shell;
mod time;
mod unlock;
