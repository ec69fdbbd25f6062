//! Where a visitor came from: channel, source, medium, campaign, from the landing URL and the referrer.

use alloc::string::String;

use super::url::Url;

/// One arrival, as told by its URL and referrer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Touch {
    pub channel: String,
    pub source: String,
    pub medium: String,
    pub campaign: String,
}

const SEARCH: &str = " google bing duckduckgo yahoo ecosia baidu yandex qwant startpage brave kagi ";
const SOCIAL: &str = " facebook instagram twitter x t linkedin lnkd reddit pinterest tiktok youtube threads bsky ";

/// A referrer of the site itself counts as none.
pub fn classify(landing: &Url, referrer: &Url) -> Touch {
    let campaign = landing.param("utm_campaign");
    let mut source = landing.param("utm_source");
    let mut medium = landing.param("utm_medium");
    if source.is_empty() && !landing.param("gclid").is_empty() {
        source = "google".into();
        medium = "cpc".into();
    }
    if source.is_empty() && medium.is_empty() && campaign.is_empty() {
        return from_referrer(landing, referrer);
    }
    Touch { channel: by_medium(&source, &medium).into(), source, medium, campaign }
}

fn from_referrer(landing: &Url, referrer: &Url) -> Touch {
    let host = referrer.host;
    if host.is_empty() || host == landing.host {
        return Touch { channel: "direct".into(), ..Touch::default() };
    }
    let (channel, medium) = if known(SEARCH, host) {
        ("organic_search", "organic")
    } else if known(SOCIAL, host) {
        ("organic_social", "social")
    } else {
        ("referral", "referral")
    };
    let source = host.strip_prefix("www.").unwrap_or(host);
    Touch { channel: channel.into(), source: source.into(), medium: medium.into(), campaign: String::new() }
}

fn by_medium(source: &str, medium: &str) -> &'static str {
    match medium {
        "email" | "e-mail" | "newsletter" => "email",
        "affiliate" | "affiliates" => "affiliates",
        "display" | "banner" | "cpm" => "display",
        "social" | "social-network" | "sm" => "organic_social",
        "referral" | "link" => "referral",
        "organic" => "organic_search",
        "sms" => "sms",
        "cpc" | "ppc" | "paid" | "paidsearch" if known(SOCIAL, source) => "paid_social",
        "cpc" | "ppc" | "paid" | "paidsearch" => "paid_search",
        _ if known(SEARCH, source) => "organic_search",
        _ if known(SOCIAL, source) => "organic_social",
        _ => "unassigned",
    }
}

/// Whether any label of the host stands in the table: `www.google.co.uk`, `google`.
fn known(table: &str, host: &str) -> bool {
    let mut padded = String::new();
    host.split('.').filter(|label| !label.is_empty()).any(|label| {
        padded.clear();
        padded.push(' ');
        padded.push_str(label);
        padded.push(' ');
        table.contains(padded.as_str())
    })
}
