//! Which addresses may be read: public ones, and those that the operator allows.
//!
//! Everything that a stranger can write into a request (a link in a mail, a
//! redirect, a name whose DNS records he owns) ends in an IP address, so this is
//! where the decision falls. It is pure: no DNS, no sockets. The caller makes
//! sure that the address judged is the address connected to.
//!
//! The networks are those of the IANA special-purpose address registries
//! (<https://www.iana.org/assignments/iana-ipv4-special-registry>,
//! <https://www.iana.org/assignments/iana-ipv6-special-registry>, RFC 6890 and
//! its updates), with multicast, reserved space and one cloud address added.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use url::{Host, Url};

use crate::error::FetchError;

/// Judges addresses and URLs.
#[derive(Debug, Clone, Default)]
pub struct AddressPolicy {
    /// Networks that may be read although they are not public
    /// (configuration key `fetch.allow_networks`).
    pub allow: Vec<IpNet>,
}

/// Why an address is refused, as words that fit behind "leads to".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// For example `a loopback address`.
    pub rule: &'static str,
}

/// URLs longer than this are no links that a person or a page would need.
const MAX_URL_LENGTH: usize = 8 * 1024;

impl AddressPolicy {
    /// A policy that allows these networks beside the public addresses.
    pub fn new(allow: Vec<IpNet>) -> AddressPolicy {
        AddressPolicy { allow }
    }

    /// May this address be connected to?
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn judge(&self, address: IpAddr) -> Result<(), Refusal> {
        let effective = effective_address(address);
        let allowed = |net: &IpNet| net.contains(&effective) || net.contains(&address);
        if self.allow.iter().any(allowed) {
            return Ok(());
        }
        let refused = match effective {
            IpAddr::V4(v4) => refused_v4(v4),
            IpAddr::V6(v6) => refused_v6(v6),
        };
        refused.map_or(Ok(()), |rule| Err(Refusal { rule }))
    }

    /// May this URL be requested, as far as it can be told before its name is
    /// resolved? IP addresses in it are judged here, because the HTTP client
    /// asks no resolver about them. The `url` crate has turned every odd
    /// spelling (`2130706433`, `0x7f.1`, full-width digits) into a plain one.
    ///
    /// # Errors
    /// [`FetchError::BadUrl`] or [`FetchError::NotPublic`].
    pub fn judge_url(&self, url: &Url) -> Result<(), FetchError> {
        let bad = |reason| Err(FetchError::BadUrl { url: shown(url), reason });
        if !matches!(url.scheme(), "http" | "https") {
            return bad("only http and https links can be read");
        }
        if url.as_str().len() > MAX_URL_LENGTH {
            return bad("it is longer than any link needs to be");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return bad("it carries a user name or password, which cmes never sends");
        }
        if url.port().is_some_and(is_bad_port) {
            return bad("its port belongs to a service that is not the web");
        }
        let address = match url.host() {
            None | Some(Host::Domain("" | ".")) => return bad("it names no host"),
            Some(Host::Domain(_)) => return Ok(()),
            Some(Host::Ipv4(v4)) => IpAddr::V4(v4),
            Some(Host::Ipv6(v6)) => IpAddr::V6(v6),
        };
        self.judge(address).map_err(|refusal| FetchError::NotPublic { host: shown_host(url), rule: refusal.rule })
    }
}

/// The URL as it may stand in a message: without credentials and query.
pub(crate) fn shown(url: &Url) -> String {
    let mut short = match url.host_str() {
        Some(host) => format!("{}://{host}", url.scheme()),
        // `data:` and the like: the rest is content, not an address.
        None => return format!("{}:…", url.scheme()),
    };
    if let Some(port) = url.port() {
        short.push_str(&format!(":{port}"));
    }
    short.extend(url.path().chars().take(200));
    short
}

/// The host as it may stand in a message.
pub(crate) fn shown_host(url: &Url) -> String {
    url.host_str().unwrap_or("the link").to_owned()
}

/// The address that a packet would finally reach: the IPv4 address inside an
/// IPv4-mapped one (RFC 4291 §2.5.5.2), or inside the well-known NAT64 prefix
/// (RFC 6052), which is how public IPv4 sites look from an IPv6-only network.
fn effective_address(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    if let Some(v4) = v6.to_ipv4_mapped() {
        return IpAddr::V4(v4);
    }
    match v6.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            IpAddr::V4(Ipv4Addr::new(a, b, c, d))
        }
        _ => address,
    }
}

type V4Rule = ([u8; 4], u8, &'static str);

/// IPv4 networks that are not public.
const V4_RULES: &[V4Rule] = &[
    ([0, 0, 0, 0], 8, "an address of \"this network\" (0.0.0.0/8)"), // RFC 791
    ([10, 0, 0, 0], 8, "a private address"),                         // RFC 1918
    ([100, 64, 0, 0], 10, "an address shared inside a provider (100.64.0.0/10)"), // RFC 6598
    ([127, 0, 0, 0], 8, "a loopback address"),                       // RFC 1122
    ([169, 254, 0, 0], 16, "a link-local address"),                  // RFC 3927; metadata of most clouds
    ([172, 16, 0, 0], 12, "a private address"),                      // RFC 1918
    ([192, 0, 0, 0], 24, "an address of protocol assignments"),      // RFC 6890; metadata of one cloud
    ([192, 0, 2, 0], 24, "a documentation address"),                 // RFC 5737
    ([192, 88, 99, 0], 24, "a 6to4 relay address"),                  // RFC 7526
    ([192, 168, 0, 0], 16, "a private address"),                     // RFC 1918
    ([198, 18, 0, 0], 15, "a benchmarking address"),                 // RFC 2544
    ([198, 51, 100, 0], 24, "a documentation address"),              // RFC 5737
    ([203, 0, 113, 0], 24, "a documentation address"),               // RFC 5737
    ([224, 0, 0, 0], 4, "a multicast address"),                      // RFC 5771
    ([255, 255, 255, 255], 32, "the broadcast address"),             // RFC 919
    ([240, 0, 0, 0], 4, "a reserved address"),                       // RFC 1112
    // Not special by any RFC, but answers only inside Azure's machines, with
    // their configuration.
    ([168, 63, 129, 16], 32, "the platform address of a cloud"),
];

fn refused_v4(address: Ipv4Addr) -> Option<&'static str> {
    let bits = address.to_bits();
    let within = |&&(network, length, _): &&V4Rule| {
        let mask = u32::MAX << (32 - u32::from(length));
        bits & mask == u32::from_be_bytes(network)
    };
    V4_RULES.iter().find(within).map(|&(_, _, rule)| rule)
}

type V6Rule = ([u16; 4], u8, &'static str);

/// IPv6 networks that are not public, by their upper 64 bits. What remains must
/// lie in 2000::/3, the only space from which addresses are given out.
const V6_RULES: &[V6Rule] = &[
    ([0x64, 0xff9b, 1, 0], 48, "an address of local translation (64:ff9b:1::/48)"), // RFC 8215
    ([0x100, 0, 0, 0], 64, "an address that discards (100::/64)"),                  // RFC 6666
    ([0x2001, 0, 0, 0], 32, "a Teredo address"),                                    // RFC 4380
    ([0x2001, 0, 0, 0], 23, "an address of protocol assignments"),                  // RFC 2928
    ([0x2001, 0xdb8, 0, 0], 32, "a documentation address"),                         // RFC 3849
    ([0x2002, 0, 0, 0], 16, "a 6to4 address"),                                      // RFC 3056, RFC 7526
    ([0x3fff, 0, 0, 0], 20, "a documentation address"),                             // RFC 9637
    ([0x5f00, 0, 0, 0], 16, "an address of segment routing"),                       // RFC 9602
    ([0xfc00, 0, 0, 0], 7, "a private (unique local) address"),                     // RFC 4193
    ([0xfe80, 0, 0, 0], 10, "a link-local address"),                                // RFC 4291
    ([0xfec0, 0, 0, 0], 10, "a site-local address"),                                // RFC 3879
    ([0xff00, 0, 0, 0], 8, "a multicast address"),                                  // RFC 4291
];

fn refused_v6(address: Ipv6Addr) -> Option<&'static str> {
    if address.is_loopback() {
        return Some("a loopback address");
    }
    if address.is_unspecified() {
        return Some("the unspecified address");
    }
    let segments = address.segments();
    if segments[..6] == [0; 6] {
        return Some("an IPv4-compatible address"); // RFC 4291 §2.5.5.1, deprecated
    }
    let [a, b, c, d, ..] = segments;
    let bits = upper_half([a, b, c, d]);
    let within = |&&(network, length, _): &&V6Rule| {
        let mask = u64::MAX << (64 - u32::from(length));
        bits & mask == upper_half(network)
    };
    if let Some(&(_, _, rule)) = V6_RULES.iter().find(within) {
        return Some(rule);
    }
    (a & 0xe000 != 0x2000).then_some("an address outside the public IPv6 space")
}

fn upper_half(segments: [u16; 4]) -> u64 {
    segments.into_iter().fold(0, |bits, segment| bits << 16 | u64::from(segment))
}

/// The "bad ports" of the Fetch standard (<https://fetch.spec.whatwg.org/#port-blocking>):
/// services that take text lines and could mistake a request for commands. A
/// few that speak no HTTP and hold data are added (databases, caches, brokers).
const BAD_PORTS: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1433, 1521, 1719, 1720, 1723, 2049, 2375, 3306,
    3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
    11211, 27017,
];

fn is_bad_port(port: u16) -> bool {
    BAD_PORTS.binary_search(&port).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn judge(address: &str) -> Result<(), &'static str> {
        let address = address.parse().expect("the test writes a valid address");
        AddressPolicy::default().judge(address).map_err(|refusal| refusal.rule)
    }

    fn check_refused(addresses: &[&str], word: &str) {
        for address in addresses {
            let rule = judge(address).expect_err(address);
            assert!(rule.contains(word), "{address} was refused as {rule:?}, not as {word:?}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        let public = [
            "1.1.1.1",
            "8.8.8.8",
            "93.184.216.34",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "168.63.129.17",
            "2606:4700:4700::1111",
            "2a00:1450:4001:81b::200e",
            "2001:4860:4860::8888",
            "2001:200::1",
            "2400::1",
            "3ffe::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
        ];
        for address in public {
            assert_eq!(judge(address), Ok(()), "{address}");
        }
    }

    #[test]
    fn special_addresses_are_refused_by_their_rule() {
        check_refused(&["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"], "loopback");
        check_refused(&["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1"], "private");
        check_refused(&["fc00::1", "fd00:ec2::254", "fdff::"], "unique local");
        check_refused(&["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "febf::1"], "link-local");
        check_refused(&["fec0::1"], "site-local");
        check_refused(&["100.64.0.1", "100.100.100.200", "100.127.255.255"], "provider");
        check_refused(&["0.0.0.0", "0.1.2.3", "::ffff:0.0.0.0"], "this network");
        check_refused(&["::"], "unspecified");
        check_refused(&["192.0.0.1", "192.0.0.192", "2001:2::1", "2001:20::1", "2001:1ff::1"], "protocol assignments");
        check_refused(&["192.0.2.1", "198.51.100.1", "203.0.113.255", "2001:db8::1", "3fff:fff::1"], "documentation");
        check_refused(&["198.18.0.1", "198.19.255.255"], "benchmarking");
        check_refused(&["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"], "multicast");
        check_refused(&["240.0.0.1", "255.255.255.254"], "reserved");
        check_refused(&["255.255.255.255"], "broadcast");
        check_refused(&["168.63.129.16"], "cloud");
        check_refused(&["192.88.99.1", "2002:7f00:1::", "2002:808:808::"], "6to4");
        check_refused(&["2001::1", "2001:0:53aa:64c::1"], "Teredo");
        check_refused(&["::7f00:1", "::808:808"], "IPv4-compatible");
        check_refused(&["100::1"], "discards");
        check_refused(&["64:ff9b:1::1"], "translation");
        check_refused(&["5f00::1"], "segment routing");
        check_refused(&["4000::1", "1::1", "8000::1", "64:ff9b:0:1::808:808", "::ffff:0:808:808"], "outside");
    }

    #[test]
    fn an_allowed_network_passes_and_no_other() {
        let policy = AddressPolicy::new(vec!["127.0.0.0/8".parse().expect("a network")]);
        for address in ["127.0.0.1", "127.9.9.9", "::ffff:127.0.0.1", "8.8.8.8"] {
            assert_eq!(policy.judge(address.parse().expect("an address")), Ok(()), "{address}");
        }
        for address in ["::1", "10.0.0.1", "169.254.169.254", "0.0.0.0"] {
            assert!(policy.judge(address.parse().expect("an address")).is_err(), "{address}");
        }
    }

    #[test]
    fn ports_of_the_web_pass_and_those_of_other_services_do_not() {
        assert!(BAD_PORTS.is_sorted());
        for port in [0, 22, 25, 6379, 11211, 27017] {
            assert!(is_bad_port(port), "{port}");
        }
        for port in [80, 443, 3000, 5000, 8000, 8080, 8443, 9000] {
            assert!(!is_bad_port(port), "{port}");
        }
    }

    #[test]
    fn messages_show_neither_query_nor_password() {
        let url = Url::parse("https://u:secret@example.com:8443/a?token=1#x").expect("a URL");
        assert_eq!(shown(&url), "https://example.com:8443/a");
        assert_eq!(shown(&Url::parse("data:text/html,secret").expect("a URL")), "data:…");
    }

    proptest! {
        #[test]
        fn a_mapped_address_is_judged_as_the_one_inside(bits: u32) {
            let policy = AddressPolicy::default();
            let v4 = Ipv4Addr::from_bits(bits);
            prop_assert_eq!(policy.judge(v4.into()), policy.judge(v4.to_ipv6_mapped().into()));
        }

        #[test]
        fn what_the_standard_library_calls_special_never_passes(bits: u32) {
            let v4 = Ipv4Addr::from_bits(bits);
            let special = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast()
                || v4.is_broadcast() || v4.is_documentation() || v4.is_unspecified();
            prop_assert!(!special || AddressPolicy::default().judge(v4.into()).is_err());
        }

        #[test]
        fn only_global_unicast_passes(bits: u128) {
            let v6 = Ipv6Addr::from_bits(bits);
            let embedded = v6.to_ipv4_mapped().is_some() || v6.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0];
            let passes = AddressPolicy::default().judge(v6.into()).is_ok();
            prop_assert!(!passes || embedded || v6.segments()[0] >> 13 == 1);
        }

        #[test]
        fn any_text_that_parses_can_be_judged(text in "\\PC{0,60}") {
            if let Ok(url) = Url::parse(&text) {
                let _ = AddressPolicy::default().judge_url(&url);
            }
        }
    }
}
