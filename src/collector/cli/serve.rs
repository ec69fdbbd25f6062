//! `serve`: opens the store, listens, says where, and ends in order.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use super::Serve;
use crate::collector::http::access::{self, Access};
use crate::collector::http::rate::Rate;
use crate::collector::http::{self, Folders, Shared, server};
use crate::collector::store::Store;
use crate::collector::writer::Writer;
use crate::collector::{log, text};

pub fn run(options: &Serve) -> Result<ExitCode, String> {
    let address = access::address(&options.host, options.port)?;
    let access = Access::new(address.ip(), options.sites.clone(), options.token.clone())?;
    for folder in [&options.www, &options.dist].into_iter().flatten() {
        is_folder(folder)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("Cannot start: {error}."))?;
    runtime
        .block_on(async {
            // Before the store: a collector that cannot listen must not leave a folder behind.
            let listener = server::bind(address).await?;
            let at = listener.local_addr().map_err(|error| format!("Cannot listen: {error}."))?;
            let data = &options.data.folder;
            let (writer, thread) =
                Store::create(data).and_then(Writer::start).map_err(|fault| fault.to_string())?;
            announce(options, &format!("http://{at}"));

            let _keeping = tokio::spawn(expire_daily(writer.clone(), options.keep_months));
            let shared = Shared {
                access,
                writer,
                rate: Rate::new(options.rate, options.behind_proxy),
                data: data.clone(),
                log: !options.quiet,
                keep: options.keep.rule(),
                returns: options.returns.ignore_referrers.clone(),
            };
            let folders = Folders { www: options.www.clone(), dist: options.dist.clone() };
            // The router holds the last handles to the writer: when it has been served, the writer can end.
            let router = http::router(Arc::new(shared), &folders);
            server::serve(listener, router, server::told_to_stop()).await;
            Ok::<_, String>(thread)
        })
        .and_then(|thread| {
            // Ends what outlived the draining, and with it their handles.
            runtime.shutdown_timeout(std::time::Duration::from_secs(1));
            thread
                .join()
                .map_err(|_| "The writing thread failed; what was acknowledged is stored.".to_owned())
        })?;
    log::print(&format!("Stopped. Everything acknowledged is in {}.", options.data.folder.display()));
    Ok(ExitCode::SUCCESS)
}

/// Ends with the runtime.
async fn expire_daily(writer: Writer, months: u32) {
    let mut daily = tokio::time::interval(Duration::from_secs(24 * 60 * 60));
    loop {
        daily.tick().await;
        match writer.change(move |store| store.expire(months, text::now())).await {
            Ok(0) => {}
            Ok(events) => log::print(&format!("Deleted {events} events older than {months} months.")),
            Err(fault) => log::complain(&fault.0),
        }
    }
}

fn announce(options: &Serve, url: &str) {
    log::print(&format!("Passerby collector at {url}"));
    log::print(&format!("  beacons    POST {url}/v1/batch"));
    log::print(&format!("  dashboard  {url}/dashboard"));
    log::print(&format!("  data       {}", options.data.folder.display()));
    if let Some(www) = &options.www {
        log::print(&format!("  files      {} at {url}/", www.display()));
    }
    for site in &options.sites {
        log::print(&format!("  site       {} from {}", site.name, site.origin));
    }
    log::print("Stop with Ctrl+C.");
}

fn is_folder(path: &Path) -> Result<(), String> {
    match path.is_dir() {
        true => Ok(()),
        false => Err(format!("{} is no folder: build it first, or name another.", path.display())),
    }
}
