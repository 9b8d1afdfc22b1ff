-- genie-handoff: SCD2
-- plan: customers
-- plan id: 6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10
-- plan version: 1.0.0
-- plan hash: 260bc0df338b082297197cdb2271bbd0c82c1d19031db1cf54588f6bb461045e
-- genie session: 01efb6dffce81535b00f4865c7a33f61
MERGE INTO `main`.`mart`.`customers` AS t
USING (
  WITH incoming AS (
    SELECT *
    FROM (
      SELECT `id`, `name`, `order-date`,
        ROW_NUMBER() OVER (PARTITION BY `id` ORDER BY `name` DESC, `order-date` DESC) AS `__gh_n`
      FROM `lake-house`.`raw`.`customers`
      WHERE (status <> 'test' OR status IS NULL)
    )
    WHERE `__gh_n` = 1
  ), changed AS (
    SELECT incoming.`id`, incoming.`name`, incoming.`order-date`, o.`is_current` IS NOT NULL AS `__gh_had`
    FROM incoming
    LEFT JOIN (
      SELECT `id`, `name`, `order-date`, `is_current`
      FROM `main`.`mart`.`customers`
      WHERE `is_current`
    ) AS o ON incoming.`id` <=> o.`id`
    WHERE o.`is_current` IS NULL OR NOT (
      incoming.`name` <=> o.`name` AND incoming.`order-date` <=> o.`order-date`
    )
  )
  SELECT 'close' AS `__gh_op`, `id`, `name`, `order-date`
  FROM changed
  WHERE `__gh_had`
  UNION ALL
  SELECT 'open' AS `__gh_op`, `id`, `name`, `order-date`
  FROM changed
) AS s
ON t.`id` <=> s.`id` AND t.`is_current` AND s.`__gh_op` = 'close'
WHEN MATCHED THEN UPDATE SET
    `valid_to` = TIMESTAMP'2026-01-16 02:00:00Z', `is_current` = FALSE
WHEN NOT MATCHED AND s.`__gh_op` = 'open' THEN INSERT (
    `id`, `name`, `order-date`, `valid_from`, `valid_to`, `is_current`
  ) VALUES (
    s.`id`, s.`name`, s.`order-date`,
    TIMESTAMP'2026-01-16 02:00:00Z', TIMESTAMP'9999-12-31 23:59:59', TRUE
  )
