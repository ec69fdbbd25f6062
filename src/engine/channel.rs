//! Where a visitor came from: channel, source, medium, campaign, from the landing URL and the referrer.

use alloc::string::String;

use super::url::Url;
use crate::wire::text::{Parts, listed, owned};

/// Channel, source, medium, campaign of one arrival.
pub type Touch = [String; 4];

const SEARCH: &str = "google,bing,duckduckgo,yahoo,ecosia,baidu,yandex,qwant,startpage,brave,kagi";
const SOCIAL: &str =
    "facebook,instagram,twitter,x,t,linkedin,lnkd,reddit,pinterest,tiktok,youtube,threads,bsky";

/// A referrer of the site itself counts as none.
pub fn classify(landing: &Url, referrer: &Url) -> Touch {
    let campaign = landing.param("utm_campaign");
    let mut source = landing.param("utm_source");
    let mut medium = landing.param("utm_medium");
    if source.is_empty() && !landing.param("gclid").is_empty() {
        source = owned("google");
        medium = owned("cpc");
    }
    let mut channel = "unassigned";
    if source.is_empty() && medium.is_empty() && campaign.is_empty() {
        let host = referrer.host;
        if host.is_empty() || host == landing.host {
            channel = "direct";
        } else {
            source = owned(host.strip_prefix("www.").unwrap_or(host));
            medium = owned("referral");
            channel = by_source(host).unwrap_or("referral");
        }
    } else if listed("cpc,ppc,paid,paidsearch", &medium) {
        channel = if by_source(&source) == Some("organic_social") { "paid_social" } else { "paid_search" };
    } else {
        for (media, name) in &MEDIA {
            if listed(media, &medium) {
                channel = name;
            }
        }
        if channel == "unassigned" {
            channel = by_source(&source).unwrap_or(channel);
        }
    }
    [owned(channel), source, medium, campaign]
}

const MEDIA: [(&str, &str); 6] = [
    ("email,e-mail,newsletter", "email"),
    ("affiliate,affiliates", "affiliates"),
    ("display,banner,cpm", "display"),
    ("social,social-network,sm", "organic_social"),
    ("referral,link", "referral"),
    ("sms", "sms"),
];

/// Any label of the host may stand in a table: `www.google.co.uk`, `google`.
fn by_source(host: &str) -> Option<&'static str> {
    for label in Parts(host, b'.') {
        if listed(SEARCH, label) {
            return Some("organic_search");
        }
        if listed(SOCIAL, label) {
            return Some("organic_social");
        }
    }
    None
}
