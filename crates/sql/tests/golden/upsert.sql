-- genie-handoff: MERGE_UPSERT
-- plan: customers
-- plan id: 6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10
-- plan version: 1.0.0
-- plan hash: 90d61384c5e6d5247912c03027c6038d60b9181dcaa1b7b4d90ce8cc7fb564d9
-- genie session: 01efb6dffce81535b00f4865c7a33f61
MERGE INTO `main`.`mart`.`customers` AS t
USING (
  SELECT *
  FROM (
    SELECT `id`, `name`, `order-date`,
      ROW_NUMBER() OVER (PARTITION BY `id` ORDER BY `name` DESC, `order-date` DESC) AS `__gh_n`
    FROM `lake-house`.`raw`.`customers`
    WHERE (status <> 'test' OR status IS NULL)
  )
  WHERE `__gh_n` = 1
) AS s
ON t.`id` <=> s.`id`
WHEN MATCHED AND NOT (
    t.`name` <=> s.`name` AND t.`order-date` <=> s.`order-date`
  ) THEN UPDATE SET
    `name` = s.`name`, `order-date` = s.`order-date`
WHEN NOT MATCHED THEN INSERT (
    `id`, `name`, `order-date`
  ) VALUES (
    s.`id`, s.`name`, s.`order-date`
  )
