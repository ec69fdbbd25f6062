//! Rate: how many requests one address may send. Generous, for an office is one address; bounded, for so is a flood.
//!
//! By the generic cell rate algorithm, of the `governor` crate: a burst, then a steady flow.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::HeaderMap;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::header;
use crate::collector::ingest::Refusal;

/// Seconds' worth of requests that may come at once.
const BURST: u32 = 10;
/// Requests after which addresses that have been quiet are forgotten.
const SWEEP: u32 = 4096;

/// The address at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

#[derive(Debug)]
pub struct Rate {
    limiter: Option<DefaultKeyedRateLimiter<IpAddr>>,
    /// The peer is a proxy, which says for whom it speaks.
    proxied: bool,
    checked: AtomicU32,
}

impl Rate {
    /// `per_second` 0: no limit.
    pub fn new(per_second: u32, proxied: bool) -> Rate {
        let burst = |rate: NonZeroU32| rate.saturating_mul(NonZeroU32::MIN.saturating_add(BURST - 1));
        let quota = NonZeroU32::new(per_second).map(|rate| Quota::per_second(rate).allow_burst(burst(rate)));
        Rate::of(quota, proxied)
    }

    fn of(quota: Option<Quota>, proxied: bool) -> Rate {
        Rate { limiter: quota.map(RateLimiter::keyed), proxied, checked: AtomicU32::new(0) }
    }

    /// Counts one request.
    pub fn check(&self, peer: Option<Peer>, headers: &HeaderMap) -> Result<(), Refusal> {
        let (Some(limiter), Some(Peer(peer))) = (&self.limiter, peer) else { return Ok(()) };
        if self.checked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            limiter.retain_recent();
        }
        let address = if self.proxied { forwarded(headers).unwrap_or(peer) } else { peer };
        limiter.check_key(&network(address)).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            let error = format!("Too many requests from this address: wait {wait} s, or see --rate.");
            Refusal { retry_after: Some(wait), ..Refusal::new(429, "rate", error) }
        })
    }
}

/// The last address of `X-Forwarded-For`, which is the proxy's own word; those before it are anybody's.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let list = header(headers, axum::http::HeaderName::from_static("x-forwarded-for"))?;
    list.rsplit(',').next()?.trim().parse().ok()
}

/// One subscriber has a whole /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::{NonZeroU32, Peer, Quota, Rate};

    /// Ten at once, and then none within the time of a test.
    fn ten(proxied: bool) -> Rate {
        let ten = NonZeroU32::new(10).unwrap();
        Rate::of(Some(Quota::per_hour(NonZeroU32::MIN).allow_burst(ten)), proxied)
    }

    fn allowed(rate: &Rate, address: &str, forwarded: &str, times: u32) -> u32 {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_str(forwarded).unwrap());
        let peer = Some(Peer(address.parse().unwrap()));
        (0..times).map(|_| u32::from(rate.check(peer, &headers).is_ok())).sum()
    }

    #[test]
    fn an_address_has_a_burst_and_others_have_their_own() {
        let rate = ten(false);
        assert_eq!(allowed(&rate, "203.0.113.1", "", 10), 10);
        let refusal = rate.check(Some(Peer("203.0.113.1".parse().unwrap())), &HeaderMap::new()).unwrap_err();
        assert_eq!(refusal.status, 429);
        assert!(refusal.retry_after.is_some_and(|wait| (1..=3600).contains(&wait)), "{refusal:?}");
        assert_eq!(allowed(&rate, "::ffff:203.0.113.1", "198.51.100.9", 3), 0);
        assert_eq!(allowed(&rate, "203.0.113.2", "", 10), 10);
        assert_eq!(allowed(&rate, "2001:db8:1:1::1", "", 10), 10);
        assert_eq!(allowed(&rate, "2001:db8:1:1:2::2", "", 3), 0);
        assert_eq!(allowed(&rate, "2001:db8:1:2::1", "", 10), 10);
    }

    #[test]
    fn behind_a_proxy_its_last_word_counts() {
        let rate = ten(true);
        assert_eq!(allowed(&rate, "127.0.0.1", "198.51.100.9", 10), 10);
        assert_eq!(allowed(&rate, "127.0.0.1", "203.0.113.77, 198.51.100.9", 3), 0);
        assert_eq!(allowed(&rate, "127.0.0.1", "198.51.100.10", 10), 10);
        assert_eq!(allowed(&rate, "127.0.0.1", "nonsense", 10), 10);
    }

    #[test]
    fn none_is_no_limit() {
        assert_eq!(allowed(&Rate::new(0, false), "203.0.113.1", "", 50_000), 50_000);
    }
}
