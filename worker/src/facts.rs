//! What a request says of itself, and the memory of those that came before.
//!
//! Reading method, address and headers anew was a third of our own work for an answer from memory, so requests that were
//! answered from memory are remembered by their text, which JavaScript recognises before anything crosses. Credentials
//! are not part of that text: they are read and checked each time.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use databricks::SpaceId;
use edge::origin::Origin;
use edge::problem::Problem;
use edge::route::{path_and_query, space_of_query};
use wasm_bindgen::prelude::*;
use web_sys::Request;

/// How many requests are remembered: as many as there can be answers to them in the cache, and some.
const PLACES: usize = 1024;
/// Longest text that is remembered, in bytes.
const LONGEST: usize = 1024;

#[wasm_bindgen(module = "/src/border.js")]
extern "C" {
    fn facts(request: &Request) -> i32;
    #[wasm_bindgen(js_name = latestFacts)]
    fn latest_facts() -> String;
    #[wasm_bindgen(js_name = rememberFacts)]
    fn remember_facts(place: u32);
}

/// Method, address and the headers that nearly every request is asked for.
pub struct Facts {
    pub method: String,
    pub url: String,
    /// Where the path begins in `url`.
    pub path_at: usize,
    /// Whether the address that was called can only be this machine.
    pub on_loopback: bool,
    /// The page that sent the request, if it says so.
    pub origin: Option<String>,
    pub cache_control: Option<String>,
    space: OnceCell<Result<SpaceId, Problem>>,
    /// Whether there is a place for them already.
    remembered: bool,
}

/// Facts by their places, and the place that is next.
#[derive(Default)]
pub struct Memory {
    places: Vec<Rc<Facts>>,
    next: usize,
}

impl Facts {
    /// The facts of a request.
    pub fn of(request: &Request, memory: &RefCell<Memory>) -> Rc<Self> {
        let place = facts(request);
        let known = usize::try_from(place).ok().and_then(|place| memory.borrow().places.get(place).cloned());
        known.unwrap_or_else(|| Rc::new(Self::read(&latest_facts(), false)))
    }

    fn read(text: &str, remembered: bool) -> Self {
        let mut lines = text.split('\n');
        let (method, url) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        let mut header = || lines.next().and_then(|line| line.strip_prefix('=')).map(str::to_owned);
        let (path_at, on_loopback) = Origin::split(url)
            .map_or((url.len(), false), |(origin, tail)| (url.len() - tail.len(), origin.is_loopback()));
        Self {
            method: method.to_owned(),
            url: url.to_owned(),
            path_at,
            on_loopback,
            origin: header(),
            cache_control: header(),
            space: OnceCell::new(),
            remembered,
        }
    }

    /// Those of the clock, which nobody calls.
    pub fn of_clock() -> Rc<Self> {
        Rc::new(Self::read("TICK\nhttps://tick.invalid/", false))
    }

    /// Remembers the request that was looked at last, which is this one as long as nothing was waited for.
    pub fn remember(&self, memory: &RefCell<Memory>) {
        if self.remembered {
            return;
        }
        let text = latest_facts();
        if text.len() > LONGEST {
            return;
        }
        let facts = Rc::new(Self::read(&text, true));
        let mut memory = memory.borrow_mut();
        let place = memory.next;
        memory.next = (place + 1) % PLACES;
        match memory.places.get_mut(place) {
            Some(slot) => *slot = facts,
            None => memory.places.push(facts),
        }
        if let Ok(place) = u32::try_from(place) {
            remember_facts(place);
        }
    }

    /// Path and query as they were sent.
    pub fn path_and_query(&self) -> (&str, &str) {
        path_and_query(self.url.get(self.path_at..).unwrap_or_default())
    }

    /// The space id in the query, or what is wrong with it.
    pub fn space(&self) -> &Result<SpaceId, Problem> {
        self.space.get_or_init(|| space_of_query(self.path_and_query().1))
    }
}
