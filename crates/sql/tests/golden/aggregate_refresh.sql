-- genie-handoff: AGGREGATE_REFRESH
-- plan: customers
-- plan id: 6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10
-- plan version: 1.0.0
-- plan hash: 36a93ecdf651472fda8e54fa7b234fc314f2fc0e52ae13a254e0512b6225744b
-- genie session: 01efb6dffce81535b00f4865c7a33f61
MERGE INTO `main`.`mart`.`customers` AS t
USING (
  SELECT `name`, CAST(date_trunc('MONTH', `order-date`) AS DATE) AS `month`,
    COUNT(*) AS `orders`
  FROM `lake-house`.`raw`.`customers`
  WHERE (status <> 'test' OR status IS NULL)
    AND CAST(date_trunc('MONTH', `order-date`) AS DATE) >= CAST(date_trunc('MONTH', date_sub(DATE'2026-01-16', 7)) AS DATE)
  GROUP BY `name`, CAST(date_trunc('MONTH', `order-date`) AS DATE)
) AS s
ON t.`name` <=> s.`name` AND t.`month` <=> s.`month`
WHEN MATCHED AND NOT (
    t.`orders` <=> s.`orders`
  ) THEN UPDATE SET
    `orders` = s.`orders`
WHEN NOT MATCHED THEN INSERT (
    `name`, `month`, `orders`
  ) VALUES (
    s.`name`, s.`month`, s.`orders`
  )
WHEN NOT MATCHED BY SOURCE AND t.`month` >= CAST(date_trunc('MONTH', date_sub(DATE'2026-01-16', 7)) AS DATE) THEN DELETE
