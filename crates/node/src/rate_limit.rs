//! How many requests one address may make.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// The limit on a node's clients. Spec: node §2 (NDE-07)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateLimit {
    /// What the network's nodes allow: 600 requests at once and 300 a second.
    Network,
    /// None; for a local network, where all clients share an address.
    Off,
}

/// Requests that an address may make at once.
const BUCKET: f64 = 600.0;
/// Requests that come back each second.
const REFILL_PER_SECOND: f64 = 300.0;
/// Addresses that are remembered; while so many have a bucket that is not full, further ones are refused.
const MAX_TRACKED: usize = 10_000;

/// One token bucket for each address.
#[derive(Debug, Default)]
pub(crate) struct RateLimiter {
    buckets: Mutex<HashMap<Ipv4Addr, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Bucket {
    fn tokens_at(&self, now: Instant) -> f64 {
        let refilled = now.saturating_duration_since(self.at).as_secs_f64() * REFILL_PER_SECOND;
        (self.tokens + refilled).min(BUCKET)
    }
}

impl RateLimiter {
    /// Takes one request from an address's bucket; `false` when it is empty.
    pub(crate) fn admit(&self, address: Ipv4Addr, now: Instant) -> bool {
        // Nothing panics while it holds the lock.
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if !buckets.contains_key(&address) && buckets.len() >= MAX_TRACKED {
            buckets.retain(|_, bucket| bucket.tokens_at(now) < BUCKET);
            if buckets.len() >= MAX_TRACKED {
                return false;
            }
        }
        let bucket = buckets.entry(address).or_insert(Bucket {
            tokens: BUCKET,
            at: now,
        });
        let tokens = bucket.tokens_at(now);
        let admitted = tokens >= 1.0;
        *bucket = Bucket {
            tokens: if admitted { tokens - 1.0 } else { tokens },
            at: now,
        };
        admitted
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn passed(limiter: &RateLimiter, address: Ipv4Addr, now: Instant, tries: usize) -> usize {
        (0..tries).filter(|_| limiter.admit(address, now)).count()
    }

    #[test]
    fn nde_07_a_bucket_holds_600_and_refills_300_a_second() {
        let limiter = RateLimiter::default();
        let start = Instant::now();
        let client = Ipv4Addr::new(192, 0, 2, 1);
        assert_eq!(passed(&limiter, client, start, 1000), 600);
        assert_eq!(
            passed(&limiter, client, start + Duration::from_millis(500), 1000),
            150
        );
        assert_eq!(
            passed(&limiter, client, start + Duration::from_secs(60), 1000),
            600,
            "no more than a bucket"
        );
        assert_eq!(
            passed(&limiter, Ipv4Addr::new(192, 0, 2, 2), start, 10),
            10,
            "another address"
        );
    }

    #[test]
    fn nde_07_at_most_10_000_addresses_are_remembered() {
        let limiter = RateLimiter::default();
        let start = Instant::now();
        let address = |number: u32| Ipv4Addr::from(0x0a00_0000 + number);
        for number in 0..10_000 {
            assert!(limiter.admit(address(number), start));
        }
        assert!(!limiter.admit(address(10_000), start), "all buckets are in use");
        assert!(limiter.admit(address(1), start), "who is known goes on");
        let later = start + Duration::from_secs(1);
        assert!(
            limiter.admit(address(10_000), later),
            "full buckets are forgotten"
        );
        assert_eq!(limiter.buckets.lock().unwrap().len(), 1);
    }
}
