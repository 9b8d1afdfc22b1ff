-- genie-handoff: SNAPSHOT
-- plan: customers
-- plan id: 6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10
-- plan version: 1.0.0
-- plan hash: 95be3b6c4b28e4fd0d4ab933c844a841aacdac186a0d5e9415fc8229f081837c
-- genie session: 01efb6dffce81535b00f4865c7a33f61
MERGE INTO `main`.`mart`.`customers` AS t
USING (
  SELECT `id`, `name`, `order-date`,
    DATE'2026-01-16' AS `snapshot_date`
  FROM `lake-house`.`raw`.`customers`
  WHERE (status <> 'test' OR status IS NULL)
) AS s
ON FALSE
WHEN NOT MATCHED THEN INSERT (
    `id`, `name`, `order-date`, `snapshot_date`
  ) VALUES (
    s.`id`, s.`name`, s.`order-date`, s.`snapshot_date`
  )
WHEN NOT MATCHED BY SOURCE AND t.`snapshot_date` = DATE'2026-01-16' THEN DELETE
