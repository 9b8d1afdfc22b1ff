//! A request on its way: makes sure that its journal entry ends, however the request does.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use crate::journal::{Journal, Outcome};

/// Ends the entry when it is dropped. Dropped early, the client has left: hyper drops the work of a closed connection.
#[derive(Debug)]
pub(crate) struct Flight {
    journal: Arc<Journal>,
    seq: u64,
    path: String,
    started: Instant,
    outcome: Outcome,
}

impl Flight {
    pub(crate) fn new(journal: Arc<Journal>, seq: u64, path: String) -> Self {
        Self { journal, seq, path, started: Instant::now(), outcome: Outcome::ClientLeft }
    }

    /// The journal's number of this request.
    pub(crate) fn seq(&self) -> u64 {
        self.seq
    }

    /// Ends the request.
    pub(crate) fn end(mut self, outcome: Outcome) {
        self.outcome = outcome;
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let ms = self.started.elapsed().as_secs_f64() * 1000.0;
        self.journal.end(self.seq, &self.path, self.outcome, ms);
    }
}

/// A body that ends the flight when it has ended itself.
pub(crate) struct Landing {
    body: Body,
    flight: Option<Flight>,
}

impl Landing {
    pub(crate) fn new(body: Body, flight: Flight) -> Self {
        Self { body, flight: Some(flight) }
    }

    fn land(&mut self, outcome: Outcome) {
        if let Some(flight) = self.flight.take() {
            flight.end(outcome);
        }
    }
}

impl HttpBody for Landing {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        match &frame {
            Some(Ok(_)) if self.body.is_end_stream() => self.land(Outcome::Answered),
            Some(Ok(_)) => {}
            Some(Err(_)) => self.land(Outcome::Dropped),
            None => self.land(Outcome::Answered),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        // An empty body is never polled: its answer was complete with the headers.
        if self.body.is_end_stream() {
            self.land(Outcome::Answered);
        }
    }
}
