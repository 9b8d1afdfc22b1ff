-- genie-handoff: INCREMENTAL_APPEND
-- plan: customers
-- plan id: 6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10
-- plan version: 1.0.0
-- plan hash: 1310d9bdbe1710f3e910a4934e3f52f8c9b7b513c8d8f8a755acd4d3b93f97c8
-- genie session: 01efb6dffce81535b00f4865c7a33f61
MERGE INTO `main`.`mart`.`customers` AS t
USING (
  SELECT `id`, `name`, `order-date`
  FROM `lake-house`.`raw`.`customers`
  WHERE (status <> 'test' OR status IS NULL)
    AND `order-date` IS NOT NULL
    AND (((SELECT MAX(w.`order-date`) FROM `main`.`mart`.`customers` AS w) IS NULL AND `order-date` > TIMESTAMP'1850-01-01 00:00:00')
      OR `order-date` > (SELECT MAX(w.`order-date`) FROM `main`.`mart`.`customers` AS w))
) AS s
ON FALSE
WHEN NOT MATCHED THEN INSERT (
    `id`, `name`, `order-date`
  ) VALUES (
    s.`id`, s.`name`, s.`order-date`
  )
