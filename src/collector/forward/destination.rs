//! One other system: where to, as whom; one request and what its answer means.

use std::io::ErrorKind;
use std::time::Duration;

use ureq::http::Uri;
use ureq::{Error, Timeout};

use crate::wire::formats::{self, FORMATS, Format, Outcome, Target};

const ANSWER: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub struct Destination {
    /// Its place is remembered under this.
    pub name: String,
    /// The same for people to read: of an address neither user nor query, which may be secrets.
    pub shown: String,
    pub format: &'static Format,
    url: String,
    key: String,
    secret: String,
    headers: Vec<(String, String)>,
    agent: ureq::Agent,
}

/// What came of a request.
#[derive(Debug)]
pub struct Reply {
    /// `None`: nobody knows whether it was taken.
    pub outcome: Option<Outcome>,
    /// In words, for the log.
    pub said: String,
    /// Seconds it asks us to wait.
    pub wait: u64,
    /// The key or the address is wrong: no use asking again soon.
    pub refused: bool,
}

impl Destination {
    /// `posthog=https://eu.i.posthog.com,key=phc_…[,secret=…][,name=…][,header=Name: value]`.
    pub fn parse(text: &str) -> Result<Destination, String> {
        let mut parts = fields(text).into_iter();
        let first = parts.next().unwrap_or_default();
        let (format, url) =
            first.split_once('=').filter(|_| Destination::is_one(&first)).ok_or_else(|| {
                format!(
                    "`{}` is no destination: write FORMAT=URL,key=KEY, such as \
                 posthog=https://eu.i.posthog.com,key=phc_1",
                    bare(&first)
                )
            })?;
        let known = formats::find_format(format.trim()).ok_or_else(|| {
            let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
            format!("There is no format `{format}`. These are: {}.", names.join(", "))
        })?;
        if !reachable(url) {
            return Err(format!(
                "`{}` is no address: it begins with http:// or https:// and names a host.",
                bare(url)
            ));
        }
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER))
            .http_status_as_error(false)
            // What is moved would be asked for again with GET and without its body, and the 200 behind that is
            // nobody's who has the events.
            .max_redirects(0)
            // A connection that was kept may be gone when it is used next, and then nobody knows what arrived.
            .max_idle_connections(if known.deduplicates { 8 } else { 0 })
            .build();
        let mut destination = Destination {
            name: format!("{} {url}", known.name),
            shown: format!("{} {}", known.name, bare(url)),
            format: known,
            url: url.to_owned(),
            key: String::new(),
            secret: String::new(),
            headers: Vec::new(),
            agent: config.into(),
        };
        for part in parts {
            match part.split_once('=') {
                Some(("key", value)) => value.clone_into(&mut destination.key),
                Some(("secret", value)) => value.clone_into(&mut destination.secret),
                Some(("name", value)) => {
                    value.clone_into(&mut destination.name);
                    value.clone_into(&mut destination.shown);
                }
                Some(("header", value)) => {
                    let (name, value) =
                        value.split_once(':').ok_or("A header= is none: write header=Name: value")?;
                    destination.headers.push((name.trim().to_owned(), value.trim().to_owned()));
                }
                _ => {
                    // Not its value, which may be a secret with its name misspelt.
                    let field = part.split('=').next().unwrap_or_default();
                    return Err(format!(
                        "`{field}` is unknown: a destination has key, secret, name and header."
                    ));
                }
            }
        }
        destination.complete()
    }

    /// What a system drops without a word for want of a key would count as forwarded.
    fn complete(self) -> Result<Destination, String> {
        for (field, value, needed) in
            [("key", &self.key, self.format.keyed), ("secret", &self.secret, self.format.has_secret())]
        {
            if needed && value.is_empty() {
                let name = self.format.name;
                return Err(format!(
                    "{name} needs {field}=: without it, it drops everything and does not say so."
                ));
            }
        }
        Ok(self)
    }

    /// Whether this begins with a format rather than being an address.
    pub fn is_one(text: &str) -> bool {
        text.split_once('=').is_some_and(|(format, _)| !format.contains([':', '/']))
    }

    /// Posts a batch v1 in this system's format.
    pub fn send(&self, batch: &str) -> Reply {
        let target = Target { url: &self.url, key: &self.key, secret: &self.secret };
        let made = self.format.request(batch, &target);
        let mut request = self.agent.post(&made.url).content_type(made.content_type);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        match request.send(&made.body) {
            Ok(answer) => self.judge(answer, &made.url),
            Err(error) => Reply {
                outcome: (self.format.deduplicates || never_left(&error)).then_some(Outcome::Retry),
                said: error.to_string().replace(&made.url, bare(&made.url).as_str()),
                wait: 0,
                refused: false,
            },
        }
    }

    fn judge(&self, answer: ureq::http::Response<ureq::Body>, url: &str) -> Reply {
        let status = answer.status().as_u16();
        let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
        let wait = header("retry-after").and_then(|value| value.trim().parse().ok()).unwrap_or(0);
        let moved = header("location").map(|to| onto(url, to)).filter(|_| (300..400).contains(&status));
        let body = answer.into_body().read_to_string().unwrap_or_default();
        let outcome = self.format.outcome(u32::from(status), &body);
        // Somebody in between lost the answer.
        let lost = matches!(status, 502 | 504) && !self.format.deduplicates;
        // No fault of the events, and not the moment's either.
        let refused = outcome == Outcome::Retry && status < 500 && !matches!(status, 408 | 425 | 429);
        let hint = match moved {
            Some(to) => format!(" to {to}: give that address"),
            None if refused && formats::is_page(&body) => {
                " with a web page: is the address right?".to_owned()
            }
            None if refused => ": are key and address right?".to_owned(),
            None => String::new(),
        };
        let said = format!("it answered {status}{hint}");
        Reply { outcome: (!lost).then_some(outcome), said, wait, refused }
    }
}

/// Where a request to `url` is sent on to, without what may be secret.
fn onto(url: &str, to: &str) -> String {
    let (scheme, rest) = url.split_at(url.find("://").map_or(0, |at| at + 3));
    bare(&match to {
        _ if to.starts_with("//") => format!("{}{to}", scheme.trim_end_matches('/')),
        _ if to.starts_with('/') => {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            format!("{scheme}{host}{to}")
        }
        _ => to.to_owned(),
    })
}

/// At commas, without the spaces after them, but for those after a backslash; a backslash after a backslash is one.
/// All others are themselves.
fn fields(text: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            ',' => {
                fields.push(std::mem::take(&mut field));
                while rest.next_if(|next| next.is_whitespace()).is_some() {}
            }
            '\\' => field.push(rest.next_if(|next| matches!(next, ',' | '\\')).unwrap_or('\\')),
            _ => field.push(character),
        }
    }
    fields.push(field);
    fields
}

/// An address without user and query, for people to read.
fn bare(address: &str) -> String {
    let open = address.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = open.split_at(open.find("://").map_or(0, |at| at + 3));
    let host = rest.find('/').unwrap_or(rest.len());
    let user = rest[..host].rfind('@').map_or(0, |at| at + 1);
    format!("{scheme}{}", &rest[user..])
}

/// Whether a request to there can be made at all: what cannot would be tried for ever.
fn reachable(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let Some(host) = uri.host().filter(|host| !host.is_empty()) else { return false };
    let authority = uri.authority().map_or("", |whole| whole.as_str());
    let port = authority.rsplit('@').next().and_then(|rest| rest.strip_prefix(host)).unwrap_or_default();
    matches!(uri.scheme_str(), Some("http" | "https")) && (port.is_empty() || uri.port_u16() > Some(0))
}

/// The request cannot have arrived.
fn never_left(error: &Error) -> bool {
    match error {
        Error::HostNotFound | Error::ConnectionFailed | Error::BadUri(_) | Error::Http(_) => true,
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => true,
        Error::Io(error) => matches!(
            error.kind(),
            ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Destination;

    #[test]
    fn a_destination_is_one_line() {
        let line = "ga4=https://a.example,key=G-1, secret=s,  name=ads,header=X-A: b: c";
        let one = Destination::parse(line).expect("a destination");
        assert_eq!(
            (one.name.as_str(), one.format.name, one.url.as_str()),
            ("ads", "ga4", "https://a.example")
        );
        assert_eq!((one.key.as_str(), one.secret.as_str()), ("G-1", "s"));
        assert_eq!(one.headers, [("X-A".to_owned(), "b: c".to_owned())]);
        let name = Destination::parse("umami=http://u.example,key=1").expect("a destination").name;
        assert_eq!(name, "umami http://u.example");
    }

    #[test]
    fn what_is_none_says_what_to_write() {
        for (line, sentence) in [
            ("posthog", "FORMAT=URL"),
            ("nobody=https://a.example", "These are: segment,"),
            ("posthog=a.example", "http://"),
            ("posthog=ftp://a.example,key=1", "`ftp://a.example` is no address"),
            ("posthog=http://,key=1", "names a host"),
            ("posthog=https://a.example:port,key=1", "is no address"),
            ("posthog=https://a.example:99999,key=1", "is no address"),
            ("posthog=https://a example,key=1", "is no address"),
            ("https://ada:hidden@a.example/x?key=hidden", "`https://a.example/x` is no destination"),
            ("posthog=ftp://ada:hidden@a.example?key=hidden", "`ftp://a.example` is no address"),
            ("posthog=https://a.example,color=red", "`color` is unknown"),
            ("posthog=https://a.example", "posthog needs key="),
            ("ga4=https://a.example,key=G-1", "ga4 needs secret="),
            ("otlp=https://a.example,sercet=hidden", "`sercet` is unknown"),
            ("posthog=https://a.example,header=Authorization hidden", "header=Name: value"),
        ] {
            let error = Destination::parse(line).expect_err(line);
            assert!(error.contains(sentence) && !error.contains("hidden"), "{error}");
        }
    }

    #[test]
    fn a_comma_and_a_backslash_stand_after_a_backslash() {
        let line = r"otlp=http://a.example/x?y=1\,2,header=X-List: a\,b,name=c:\\d\e";
        let one = Destination::parse(line).expect("a destination");
        assert_eq!((one.url.as_str(), one.name.as_str()), ("http://a.example/x?y=1,2", r"c:\d\e"));
        assert_eq!(one.headers, [("X-List".to_owned(), "a,b".to_owned())]);
    }

    #[test]
    fn what_people_read_of_an_address_is_neither_user_nor_query() {
        let line = "matomo=https://ada:hidden@a.example:8443/matomo.php?token_auth=hidden,key=1";
        let one = Destination::parse(line).expect("a destination");
        assert_eq!(one.shown, "matomo https://a.example:8443/matomo.php");
        assert!(one.name.contains("token_auth"), "its place is remembered as before");
    }
}
