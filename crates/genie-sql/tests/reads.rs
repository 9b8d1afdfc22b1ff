//! What is found in queries as Genie writes them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test file"
)]

use genie_sql::{Bound, Known, Query, Role, read};
use serde_json::{Value, json};

fn known() -> Known {
    Known::default()
        .table("shop.raw.orders", ["order_id", "customer_id", "status", "amount", "ordered_at", "updated_at"])
        .table("shop.raw.customers", ["customer_id", "name", "city"])
}

#[track_caller]
fn query(sql: &str) -> Query {
    read(sql, &known()).unwrap_or_else(|e| panic!("{e:?}: {sql}"))
}

/// A part of the answer as JSON, columns as `table.column`.
fn part(query: &Query, key: &str) -> Value {
    fn flat(value: &Value) -> Value {
        match value {
            Value::Object(map) if map.len() == 2 && map.contains_key("table") => {
                let table = map["table"].as_str().and_then(|t| t.rsplit('.').next()).unwrap_or("?");
                json!(format!("{table}.{}", map["column"].as_str().unwrap()))
            }
            Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), flat(v))).collect(),
            Value::Array(list) => list.iter().map(flat).collect(),
            other => other.clone(),
        }
    }
    flat(&serde_json::to_value(query).unwrap()[key])
}

#[test]
fn tables_behind_ctes_and_aliases() {
    let q = query(
        "WITH recent AS (SELECT * FROM `Shop`.`raw`.`orders` o WHERE o.`ordered_at` >= current_date() - INTERVAL 7 DAYS),
              named (id, city) AS (SELECT customer_id, city FROM shop.raw.customers)
         SELECT r.customer_id, n.city, r.amount FROM recent r JOIN named AS n ON r.customer_id = n.id
         WHERE r.status IN (SELECT status FROM shop.ref.stati)",
    );
    let names: Vec<_> = q.tables.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["shop.raw.orders", "shop.raw.customers", "shop.ref.stati"]);
    assert_eq!(q.tables[0].aliases, ["o"]);
    assert_eq!(q.tables[0].columns, ["ordered_at", "customer_id", "amount", "status"]);
    assert_eq!(q.tables[1].columns, ["customer_id", "city"]);
    assert_eq!(q.tables[2].roles, [Role::Subquery]);
    assert_eq!(q.ctes, ["recent", "named"]);
    assert_eq!(part(&q, "joins"), json!([{"left": "orders.customer_id", "right": "customers.customer_id"}]));
    assert_eq!(q.unresolved, Vec::<String>::new());
}

#[test]
fn a_cte_hides_a_table_of_its_name_only_where_it_is_in_sight() {
    let q = query("WITH orders AS (SELECT * FROM shop.raw.orders) SELECT amount FROM orders");
    assert_eq!(q.tables.len(), 1);
    assert_eq!(q.tables[0].columns, ["amount"]);
    let q = query("SELECT a FROM (WITH t AS (SELECT 1 AS a) SELECT a FROM t) x JOIN t ON TRUE");
    assert_eq!(q.tables[0].name, "t");
}

#[test]
fn columns_without_qualifier_find_their_table_by_what_is_known() {
    let sql = "SELECT city, SUM(amount) FROM shop.raw.orders o JOIN shop.raw.customers c USING (customer_id) GROUP BY city";
    let q = query(sql);
    assert_eq!(q.tables[0].columns, ["amount", "customer_id"]);
    assert_eq!(q.tables[1].columns, ["city", "customer_id"]);
    let blind = read(sql, &Known::default()).unwrap();
    assert_eq!(blind.unresolved, ["city", "amount"]);
}

#[test]
fn names_in_any_script_and_with_backticks() {
    let q = query("SELECT u.店舗コード, `größe``x` FROM `小売-分析`.販売.売上明細 u WHERE u.数量 > :num");
    assert_eq!(q.tables[0].name, "小売-分析.販売.売上明細");
    assert_eq!(q.tables[0].columns, ["店舗コード", "größe`x", "数量"]);
}

#[test]
fn ranges_and_what_bounds_them() {
    let q = query(
        "SELECT * FROM shop.raw.orders WHERE CAST(ordered_at AS DATE) BETWEEN :date AND current_date()
         AND amount > 10 AND :timestamp <= updated_at AND (status = 'x' OR order_id > 5)",
    );
    let bounds: Vec<_> =
        q.ranges.iter().map(|r| (r.column.column.as_str(), r.lower, r.upper, r.bound)).collect();
    assert_eq!(
        bounds,
        [
            ("ordered_at", true, true, Bound::Fixed),
            ("amount", true, false, Bound::Fixed),
            ("updated_at", true, false, Bound::Fixed),
        ]
    );
    let q = query(
        "SELECT * FROM shop.raw.orders WHERE ordered_at >= date_sub(current_date(), 3) AND ordered_at < '2026-01-01'",
    );
    assert_eq!((q.ranges[0].bound, q.ranges[0].upper), (Bound::Relative, true));
}

#[test]
fn a_bound_that_is_the_maximum_of_another_table() {
    let q = query(
        "SELECT * FROM shop.raw.orders
         WHERE updated_at > (SELECT COALESCE(MAX(updated_at), TIMESTAMP'1970-01-01') FROM shop.gold.orders)",
    );
    assert_eq!(q.ranges[0].bound, Bound::Maximum);
    let maximum = q.ranges[0].maximum.as_ref().unwrap();
    assert_eq!(maximum.table.as_deref(), Some("shop.gold.orders"));
    assert_eq!(part(&q, "maxima"), json!([{"column": "orders.updated_at", "grouped": false}]));
    assert_eq!(q.tables[1].roles, [Role::Subquery]);
}

#[test]
fn equalities_are_not_joins_and_joins_are_not_equalities() {
    let q = query(
        "SELECT 1 FROM shop.raw.orders o, shop.raw.customers c
         WHERE o.customer_id <=> c.customer_id AND o.status = :str AND name IN (:str) AND o.amount = o.order_id",
    );
    assert_eq!(part(&q, "joins"), json!([{"left": "orders.customer_id", "right": "customers.customer_id"}]));
    assert_eq!(part(&q, "equals"), json!(["orders.status", "customers.name"]));
}

#[test]
fn the_latest_row_of_a_key() {
    let expected = json!([{
        "partition_by": ["orders.order_id"],
        "order_by": [{"column": "orders.updated_at", "descending": true}],
        "filtered": true
    }]);
    for sql in [
        "SELECT * FROM shop.raw.orders QUALIFY ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY updated_at DESC) = 1",
        "SELECT *, ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY updated_at DESC) AS rn FROM shop.raw.orders QUALIFY rn = :num",
        "SELECT order_id FROM (SELECT o.*, row_number() OVER (PARTITION BY o.order_id ORDER BY o.updated_at DESC NULLS LAST) rn FROM shop.raw.orders o) t WHERE t.rn = 1",
        "WITH r AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY updated_at DESC) AS rn FROM shop.raw.orders) SELECT * FROM r WHERE rn <= 1",
    ] {
        assert_eq!(part(&query(sql), "latest"), expected, "{sql}");
    }
    let q = query(
        "SELECT order_id, ROW_NUMBER() OVER (PARTITION BY status ORDER BY amount DESC) n, LAG(amount) OVER (ORDER BY ordered_at) FROM shop.raw.orders",
    );
    assert!(!q.latest[0].filtered);
    assert_eq!(q.windows, ["lag"]);
}

#[test]
fn groups_with_time_and_aggregates() {
    let expected = json!([{
        "by": ["orders.status"],
        "buckets": [{"column": "orders.ordered_at", "grain": "month", "alias": "m"}],
        "aggregates": [
            {"function": "count", "column": null, "alias": "n"},
            {"function": "count_distinct", "column": "orders.customer_id", "alias": "people"},
            {"function": "sum", "column": "orders.amount", "alias": null},
        ],
        "complete": true
    }]);
    for group in ["status, DATE_TRUNC('MONTH', ordered_at)", "m, status", "1, 2", ":num, :num", "ALL"] {
        for unit in ["'MONTH'", ":month"] {
            let group = group.replace("'MONTH'", unit);
            let sql = format!(
                "SELECT status, DATE_TRUNC({unit}, ordered_at) AS m, COUNT(*) AS n, COUNT(DISTINCT customer_id) people, SUM(amount)
                 FROM shop.raw.orders GROUP BY {group} HAVING n > 5 ORDER BY m"
            );
            let q = query(&sql);
            assert_eq!(part(&q, "groupings"), expected, "{sql}");
            assert_eq!(q.unresolved, Vec::<String>::new());
        }
    }
    let q = query(
        "SELECT to_date(ordered_at) d, SUM(amount * 2) x FROM shop.raw.orders GROUP BY to_date(ordered_at)",
    );
    assert_eq!(part(&q, "groupings")[0]["buckets"][0]["grain"], "day");
    assert!(!q.groupings[0].complete);
}

#[test]
fn databricks_syntax() {
    for sql in [
        "SELECT `region`, MEASURE(`total revenue`) FROM main.metrics.sales GROUP BY ALL",
        "SELECT tag, x.y FROM main.a.b LATERAL VIEW OUTER explode(tags) t AS tag WHERE raw:owner['name'] = :str",
        "SELECT * EXCEPT (a, b) FROM main.a.b VERSION AS OF 3",
        "SELECT transform(items, x -> x + 1), date_add(DAY, -7, d), a::string FROM main.a.b",
        "SELECT * FROM main.a.b TABLESAMPLE (5 PERCENT) LIMIT :num",
        "SELECT a FROM main.a.b WHERE d > current_date() - INTERVAL :num DAYS AND c LIKE :str ESCAPE :str",
        "-- how many?\nSELECT /*+ BROADCAST(b) */ count(*) FROM main.a.b /* all */ ;;\n",
        "SELECT 'it\\'s', \"x\", r'\\d' FROM main.a.b",
        "SELECT a FROM main.a.b UNION ALL SELECT a FROM main.a.c MINUS SELECT a FROM main.a.d",
        "SELECT * FROM main.a.b PIVOT (SUM(x) FOR q IN ('a', 'b'))",
        "SELECT named_struct('a', 1).a, map('k', v)['k'], arr[0] FROM main.a.b",
        "SELECT a, first(b) FILTER (WHERE c > 1) FROM main.a.b GROUP BY GROUPING SETS ((a), ())",
        "VALUES (1, 2)",
        "(SELECT 1)",
    ] {
        let q = read(sql, &Known::default()).unwrap_or_else(|e| panic!("{e:?}: {sql}"));
        assert!(q.tables.iter().all(|t| t.name.starts_with("main.")), "{sql}: {:?}", q.tables);
    }
    let q = query(
        "SELECT tag, date_add(DAY, 1, d), filter(e, x -> x > lim) FROM main.a.b LATERAL VIEW explode(tags) t AS tag",
    );
    assert_eq!(q.tables[0].columns, ["d", "e", "lim", "tags"]);
}

#[test]
fn columns_of_outer_queries() {
    let q = query(
        "SELECT name FROM shop.raw.customers c WHERE EXISTS (SELECT 1 FROM shop.raw.orders o WHERE o.customer_id = c.customer_id AND amount > 3)",
    );
    assert_eq!(q.tables[0].columns, ["name", "customer_id"]);
    assert_eq!(part(&q, "joins"), json!([{"left": "orders.customer_id", "right": "customers.customer_id"}]));
}

#[test]
fn no_literal_is_in_the_answer() {
    let q = query(
        "SELECT 'canary1' AS a FROM shop.raw.orders WHERE status = 'canary2' AND amount > 424242 AND ordered_at >= DATE'2031-01-01' LIMIT 535353",
    );
    let text = serde_json::to_string(&q).unwrap();
    for canary in ["canary", "424242", "2031", "535353"] {
        assert!(!text.contains(canary), "{text}");
    }
}
