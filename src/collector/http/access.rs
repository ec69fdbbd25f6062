//! Access: who may send, who may read. Pure: headers in, verdict out.
//!
//! On loopback a first try just works: pages of any loopback origin, and of files (`null`), may send. The
//! Host must then be loopback too, or a foreign page could reach us by a name that resolves to 127.0.0.1
//! (DNS rebinding). On any other address only named sites may send, each from its exact origin, and reading
//! needs the token. An Origin is what browsers enforce; it stops pages, not programs.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use crate::collector::ingest::Refusal;
use crate::collector::text::printable;

/// `--site NAME=ORIGIN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    pub name: String,
    pub origin: String,
}

impl FromStr for Site {
    type Err = String;

    fn from_str(text: &str) -> Result<Site, String> {
        let (name, origin) =
            text.split_once('=').ok_or("write it as NAME=ORIGIN, such as shop=https://shop.example")?;
        if name.is_empty() || name.contains(char::is_control) {
            return Err("the name before `=` is empty or not printable".to_owned());
        }
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        let bare = |host: &str| !host.is_empty() && !host.contains(['/', '?', '#', '@', '*', ' ']);
        if !host.is_some_and(bare) {
            return Err(format!(
                "`{origin}` is no origin: write scheme, host and port only, without a path or `*`"
            ));
        }
        Ok(Site { name: name.to_owned(), origin: origin.to_ascii_lowercase() })
    }
}

#[derive(Clone, Debug, Default)]
pub struct Access {
    pub loopback: bool,
    pub sites: Vec<Site>,
    pub token: Option<String>,
}

impl Access {
    /// Refuses an address that would be open to everyone.
    pub fn new(address: IpAddr, sites: Vec<Site>, token: Option<String>) -> Result<Access, String> {
        let loopback = address.is_loopback();
        if !loopback && sites.is_empty() {
            return Err(format!(
                "{address} can be reached from other machines: name who may send with --site NAME=ORIGIN \
                 (such as --site shop=https://shop.example), or stay on 127.0.0.1."
            ));
        }
        Ok(Access { loopback, sites, token: token.filter(|token| !token.is_empty()) })
    }

    /// On loopback, the name by which we were called must be loopback.
    pub fn host(&self, host: Option<&str>) -> Result<(), Refusal> {
        if !self.loopback || host.is_some_and(|host| is_loopback(without_port(host))) {
            return Ok(());
        }
        let host = printable(host.unwrap_or("no host"));
        let error = format!("This collector listens on this machine only, and was called as {host}.");
        Err(Refusal::new(403, "host", error))
    }

    /// Whether a page of this origin may send; none is a program, not a page.
    pub fn origin(&self, origin: Option<&str>, bearer: Option<&str>) -> Result<(), Refusal> {
        let Some(origin) = origin else {
            if self.loopback || self.holds_token(bearer) {
                return Ok(());
            }
            let error =
                "No Origin header: pages send one; programs send `Authorization: Bearer` with the token.";
            return Err(Refusal::new(403, "origin", error));
        };
        let listed = self.sites.iter().any(|site| site.origin == origin);
        if listed || self.loopback && (origin == "null" || is_loopback_origin(origin)) {
            return Ok(());
        }
        let remedy = match self.loopback {
            true => "from this machine's own pages only",
            false => "from its sites only",
        };
        let origin = printable(origin);
        let error = format!(
            "Pages of {origin} may not send here, {remedy}: start the collector with --site NAME={origin}."
        );
        Err(Refusal::new(403, "origin", error))
    }

    /// Whether a batch of this site may come from that origin.
    pub fn site(&self, site: &str, origin: Option<&str>) -> Result<(), Refusal> {
        let Some(origin) = origin else { return Ok(()) };
        let mut named = self.sites.iter().filter(|known| known.origin == origin).peekable();
        // A loopback origin that nobody listed speaks for any site.
        if named.peek().is_none() || named.any(|known| known.name == site) {
            return Ok(());
        }
        let error = format!(
            "Pages of {} do not belong to site `{}`: see --site.",
            printable(origin),
            printable(site)
        );
        Err(Refusal { field: Some("site".to_owned()), ..Refusal::new(403, "site", error) })
    }

    /// Whether this request may read.
    pub fn read(&self, bearer: Option<&str>, query: Option<&str>) -> Result<(), Refusal> {
        let in_query = query.and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("token=")));
        if self.loopback && self.token.is_none() || self.holds_token(bearer) || self.holds_token(in_query) {
            return Ok(());
        }
        let error = match self.token {
            Some(_) => "Reading needs the token: `Authorization: Bearer TOKEN`, or `?token=TOKEN`.",
            None => "Reading needs a token and none is set: start the collector with --token.",
        };
        Err(Refusal::new(401, "token", error))
    }

    fn holds_token(&self, given: Option<&str>) -> bool {
        let (Some(token), Some(given)) = (&self.token, given) else { return false };
        // Looks at every byte, so the time taken says nothing about where they differ.
        let differ = token.bytes().zip(given.bytes()).fold(0, |differ, (one, other)| differ | (one ^ other));
        token.len() == given.len() && differ == 0
    }
}

/// `http(s)://` a loopback host, any port.
fn is_loopback_origin(origin: &str) -> bool {
    let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    host.is_some_and(|host| is_loopback(without_port(host)))
}

/// The host of `host`, `host:port` or `[v6]:port`; empty if the port is no number.
fn without_port(host: &str) -> &str {
    let end = host.rfind(']').map_or(0, |at| at + 1);
    let Some((name, port)) = host[end..].split_once(':') else { return host };
    match port.parse::<u16>() {
        Ok(_) => &host[..end + name.len()],
        Err(_) => "",
    }
}

fn is_loopback(host: &str) -> bool {
    let v6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || v6
            .is_some_and(|host| host.parse::<std::net::Ipv6Addr>().is_ok_and(|address| address.is_loopback()))
}

/// `--host`: an address, or `localhost`.
pub fn address(host: &str, port: u16) -> Result<SocketAddr, String> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let ip = match bare {
        "localhost" => Ok(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        other => other.parse(),
    };
    let ip = ip.map_err(|_| {
        format!("`{host}` is no address: use 127.0.0.1, 0.0.0.0, ::1 or an address of this machine.")
    })?;
    Ok(SocketAddr::new(ip, port))
}

#[cfg(test)]
mod tests {
    use super::{Access, Site, address};

    fn loopback() -> Access {
        Access { loopback: true, ..Access::default() }
    }

    fn public() -> Access {
        let sites =
            ["shop=https://shop.example", "blog=https://blog.example:8443"].map(|site| site.parse().unwrap());
        Access { loopback: false, sites: sites.to_vec(), token: Some("secret".to_owned()) }
    }

    #[test]
    fn loopback_takes_loopback_pages_and_files_only() {
        for (origin, may) in [
            ("http://localhost", true),
            ("https://localhost:3000", true),
            ("http://127.0.0.1:8787", true),
            ("http://127.1.2.3", true),
            ("http://[::1]:5173", true),
            ("null", true),
            ("https://shop.example", false),
            ("http://localhost.evil.example", false),
            ("http://127.0.0.1.evil.example", false),
            ("http://evil.example:80/localhost", false),
            ("http://localhost:x", false),
            ("http://user@localhost", false),
            ("file://", false),
            ("", false),
        ] {
            assert_eq!(loopback().origin(Some(origin), None).is_ok(), may, "{origin}");
        }
        assert!(loopback().origin(None, None).is_ok());
    }

    #[test]
    fn loopback_answers_to_loopback_names_only() {
        for (host, may) in [
            (Some("127.0.0.1:8787"), true),
            (Some("LOCALHOST:8787"), true),
            (Some("[::1]:8787"), true),
            (Some("[::1]"), true),
            (Some("evil.example:8787"), false),
            (Some("127.0.0.1.evil.example"), false),
            (Some("0.0.0.0:8787"), false),
            (Some("[::1"), false),
            (Some(""), false),
            (None, false),
        ] {
            assert_eq!(loopback().host(host).is_ok(), may, "{host:?}");
        }
        assert!(public().host(Some("collector.example")).is_ok());
    }

    #[test]
    fn a_public_address_takes_each_site_from_its_exact_origin() {
        let access = public();
        assert!(access.origin(Some("https://shop.example"), None).is_ok());
        assert!(access.site("shop", Some("https://shop.example")).is_ok());
        assert!(access.site("blog", Some("https://shop.example")).is_err());
        assert!(access.site("", Some("https://shop.example")).is_err());
        for origin in ["http://shop.example", "https://shop.example:444", "http://localhost", "null", "*"] {
            assert!(access.origin(Some(origin), None).is_err(), "{origin}");
        }
        assert!(access.origin(None, None).is_err());
        assert!(access.origin(None, Some("secret")).is_ok());
    }

    #[test]
    fn a_public_address_needs_a_site_and_reading_the_token() {
        let everywhere = address("0.0.0.0", 0).unwrap().ip();
        assert!(Access::new(everywhere, vec![], None).is_err());
        let access = public();
        assert!(access.read(None, None).is_err());
        assert!(access.read(Some("secreT"), None).is_err());
        assert!(access.read(Some("secret"), None).is_ok());
        assert!(access.read(None, Some("a=b&token=secret")).is_ok());
        assert!(Access { token: None, ..public() }.read(Some(""), Some("token=")).is_err());
        assert!(loopback().read(None, None).is_ok());
    }

    #[test]
    fn sites_are_exact_origins() {
        for text in
            ["shop", "=https://a.example", "shop=*", "shop=https://*.a.example", "shop=https://a.example/"]
        {
            assert!(text.parse::<Site>().is_err(), "{text}");
        }
    }
}
