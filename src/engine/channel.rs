//! Where a visitor came from: source, medium and campaign, from the landing URL and the referrer; and the channel.
//!
//! By the rules of GA4's default channel group, as far as they can be told from the best-known sites and media.
//! Where they cannot, the channel is one of [`OPEN`]: the collector, which has the whole table
//! (`src/collector/channel`), goes on from there and from nowhere else, so the two never contradict each other.

use alloc::string::String;

use super::url::Url;
use crate::wire::text::{Parts, Put, cut, has, listed};

/// Channel, source, medium, campaign of one arrival.
pub type Touch = [String; 4];

/// What is said of what is not known here.
pub const OPEN: &str = "referral,unassigned";

/// The best-known sites by kind.
const SITES: &str = "search=google,bing,duckduckgo,yahoo,ecosia,baidu,yandex,qwant,startpage,naver\
    /social=facebook,instagram,twitter,linkedin,reddit,pinterest,tiktok,threads,x,x.com,t.co,lnkd.in\
    /video=youtube,vimeo,twitch";

/// Advertisers' click ids, which leave the page in this form only.
const CLICKS: &str = "gclid google,gbraid google,wbraid google,msclkid bing,ttclid tiktok";

/// Media that name their channel: its name, and theirs.
const MEDIA: &str =
    "email=email,e-mail/display=display,banner/organic_social=social,social-network,social-media,sm";

/// A referrer of the site itself counts as none.
pub fn classify(landing: &Url, referrer: &Url) -> Touch {
    // The first only makes room for the channel.
    let mut touch = ["", "utm_source", "utm_medium", "utm_campaign"].map(|name| landing.param(name));
    let [channel, source, medium, campaign] = &mut touch;
    for click in Parts(CLICKS, b',') {
        let (id, of) = cut(click, b' ');
        if source.is_empty() && !landing.param(id).is_empty() {
            source.set(of);
            medium.set("cpc");
        }
    }
    let host = referrer.host;
    if source.is_empty() && medium.is_empty() && campaign.is_empty() {
        if host.is_empty() || host == landing.host {
            channel.set("direct");
            return touch;
        }
        source.set(host.strip_prefix("www.").unwrap_or(host));
        medium.set("referral");
    }
    // `Facebook` and `facebook` are one.
    source.make_ascii_lowercase();
    medium.make_ascii_lowercase();
    campaign.make_ascii_lowercase();
    name(source, medium, campaign, channel);
    touch
}

fn name(source: &str, medium: &str, campaign: &str, channel: &mut String) {
    let site = site(source);
    // Campaigns of these names are channels of their own.
    let open = has(campaign, "shop") || has(campaign, "cross");
    let paid = listed("cpc,ppc", medium);
    if !open && !site.is_empty() && (paid || medium.is_empty() || listed("referral,organic", medium)) {
        channel.set(if paid { "paid_" } else { "organic_" });
        return channel.put(site);
    }
    channel.set(if medium == "referral" { medium } else { "unassigned" });
    if !open && site.is_empty() {
        for kind in Parts(MEDIA, b'/') {
            let (name, media) = cut(kind, b'=');
            if listed(media, medium) {
                channel.set(name);
            }
        }
    }
}

/// The kind of site a host or a name belongs to, of those known here: `google.co.uk` and `m.facebook.com`, but not
/// `google.shop.example` nor `groups.google.com`.
pub fn site(source: &str) -> &'static str {
    let mut rest = Parts(source, b'.');
    loop {
        let whole = rest.0;
        let label = rest.next().unwrap_or("");
        for known in Parts(SITES, b'/') {
            let (kind, sites) = cut(known, b'=');
            if listed(sites, whole) || (label.len() > 2 && rest.0.len() < 7 && listed(sites, label)) {
                return kind;
            }
        }
        if label.len() > 2 || whole.is_empty() {
            return "";
        }
    }
}
