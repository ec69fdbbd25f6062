//! The writer: one thread owns the store, and everyone who waits shares its next commit.
//!
//! A commit costs one fsync however many batches it holds, and while one runs the next gathers. So single
//! beacons are durable at once and a crowd of them costs little more than one. A reply is sent only after the
//! commit that holds its batch.
//!
//! If a commit fails, its batches are tried one by one: a batch the store cannot take must not fail others.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::ingest::{Batch, Millis, Receipt};
use super::store::{Arrival, Fault, Store};

/// Batches that may wait for a commit; more are refused at once, and the pages keep them.
const WAITING: usize = 1024;
/// Batches in one commit.
const TOGETHER: usize = 256;

struct Job {
    batch: Batch,
    received: Millis,
    reply: oneshot::Sender<Result<Receipt, Fault>>,
}

enum Work {
    Batch(Box<Job>),
    /// Everything else there is to do to a store; in its turn.
    Other(Box<dyn FnOnce(&mut Store) + Send>),
}

/// A handle to the thread. When the last one is dropped, the thread commits what waits and ends.
#[derive(Clone)]
pub struct Writer(SyncSender<Work>);

impl Writer {
    pub fn start(store: Store) -> Result<(Writer, JoinHandle<()>), Fault> {
        let (send, receive) = sync_channel(WAITING);
        let thread = std::thread::Builder::new().name("writer".to_owned());
        let thread = thread.spawn(move || run(store, &receive));
        let thread = thread.map_err(|error| Fault(format!("Cannot start the writing thread: {error}.")))?;
        Ok((Writer(send), thread))
    }

    /// Stores the batch; answers once it is on disk.
    pub async fn store(&self, batch: Batch, received: Millis) -> Result<Receipt, Fault> {
        self.ask(|reply| Work::Batch(Box::new(Job { batch, received, reply }))).await
    }

    /// Does this to the store, after what came before it and before what comes after.
    pub async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Store) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.ask(|reply| {
            Work::Other(Box::new(move |store| {
                // Whoever asked may have gone.
                let _ = reply.send(change(store));
            }))
        })
        .await
    }

    async fn ask<T>(&self, work: impl FnOnce(oneshot::Sender<Result<T, Fault>>) -> Work) -> Result<T, Fault> {
        let (reply, answer) = oneshot::channel();
        self.0.try_send(work(reply)).map_err(|error| match error {
            TrySendError::Full(_) => {
                Fault("More batches wait than can be stored: try again shortly.".to_owned())
            }
            TrySendError::Disconnected(_) => {
                Fault("The writing thread has ended: restart the collector.".to_owned())
            }
        })?;
        answer.await.unwrap_or_else(|_| Err(Fault("The batch was not stored: try again.".to_owned())))
    }
}

fn run(mut store: Store, works: &Receiver<Work>) {
    while let Ok(first) = works.recv() {
        let mut together = Vec::new();
        for work in std::iter::once(first).chain(works.try_iter().take(TOGETHER - 1)) {
            match work {
                Work::Batch(job) => together.push(*job),
                Work::Other(change) => {
                    finish(&mut store, std::mem::take(&mut together));
                    change(&mut store);
                }
            }
        }
        finish(&mut store, together);
    }
}

fn finish(store: &mut Store, jobs: Vec<Job>) {
    for (job, result) in commit(store, jobs) {
        // Whoever asked may have gone; the batch is stored all the same.
        let _ = job.reply.send(result);
    }
}

fn commit(store: &mut Store, jobs: Vec<Job>) -> Vec<(Job, Result<Receipt, Fault>)> {
    let arrivals: Vec<Arrival> =
        jobs.iter().map(|job| Arrival { batch: &job.batch, received: Some(job.received) }).collect();
    match store.ingest(&arrivals) {
        Ok(receipts) => jobs.into_iter().zip(receipts.into_iter().map(Ok)).collect(),
        Err(fault) if jobs.len() == 1 => jobs.into_iter().map(|job| (job, Err(fault.clone()))).collect(),
        Err(_) => jobs.into_iter().flat_map(|job| commit(store, vec![job])).collect(),
    }
}
