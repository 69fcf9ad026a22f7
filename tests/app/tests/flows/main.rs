//! The acceptance flows, one test a flow, in the real app.

mod attachments;
mod backup;
mod big_store;
mod crash;
mod devices;
mod gallery;
mod history;
mod interaction;
mod lists;
mod looks;
mod messages;
mod network;
mod onboarding;
mod peers;
mod previews;
mod profile;
mod requests;
mod rescue;
mod restore;
mod share;
mod shell;
mod time;
mod unlock;
mod voice;
