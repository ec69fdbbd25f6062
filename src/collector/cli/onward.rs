//! `replay` into another system: the log goes through a store of its own, so that events find their pages and known
//! ones are left out, and from there on its way.

use std::path::PathBuf;
use std::thread;

use super::PATIENCE;
use crate::collector::forward::{Courier, Cursor, Cursors, Destination, Step};
use crate::collector::ingest::{Batch, Receipt};
use crate::collector::store::{Arrival, Fault, Store};

pub struct Onward {
    folder: PathBuf,
    store: Store,
    courier: Courier,
}

impl Onward {
    pub fn new(destination: &str, returns: &str) -> Result<Onward, String> {
        let destination = Destination::parse(destination)?;
        let folder = std::env::temp_dir().join(format!("passerby-replay-{}", std::process::id()));
        let made = || -> Result<(Store, Courier), Fault> {
            let store = Store::create(&folder)?.ignoring(returns);
            let courier = Courier::new(destination, Cursors::open(&folder)?, 0)?;
            Ok((store, courier))
        };
        let (store, courier) = made().map_err(|fault| fault.to_string())?;
        Ok(Onward { folder, store, courier })
    }

    /// Stores these, and sends what is new of them; a receipt for each. `tell` is given what goes wrong meanwhile.
    pub fn send(&mut self, batches: &[&Batch], tell: impl Fn(&str)) -> Result<Vec<Receipt>, String> {
        let arrivals: Vec<Arrival> = batches.iter().map(|batch| Arrival { batch, received: None }).collect();
        let receipts = self.store.ingest(&arrivals).map_err(|fault| fault.to_string())?;
        let fault = |fault: Fault| fault.to_string();
        let mut failures = 0;
        while let Some(arrived) = self.store.arrived(self.courier.cursor.arrival).map_err(fault)? {
            match self.courier.step(&arrived).map_err(fault)? {
                Step::Done | Step::On => failures = 0,
                Step::Wait(time, why) => {
                    failures += 1;
                    if failures == PATIENCE {
                        return Err(format!(
                            "{} is down ({why}). {}",
                            self.courier.destination.shown,
                            self.so_far()
                        ));
                    }
                    tell(&format!("{why}; again in {} s", time.as_secs()));
                    thread::sleep(time);
                }
            }
        }
        Ok(receipts)
    }

    /// What to tell somebody of whose events none was taken.
    pub fn taken(&self) -> Result<(), String> {
        super::forward::taken(&Cursor::default(), &self.courier)
    }

    pub fn so_far(&self) -> String {
        let cursor = &self.courier.cursor;
        format!(
            "{} forwarded, {} refused, {} unconfirmed.",
            cursor.forwarded, cursor.refused, cursor.unconfirmed
        )
    }
}

impl Drop for Onward {
    fn drop(&mut self) {
        // A folder of temporary files that stays behind harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
